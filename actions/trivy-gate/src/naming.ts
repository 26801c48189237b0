import type { SarifOptions } from '../../../shared/report/sarif/sarif.ts';
import type { Inputs } from './inputs.ts';
import { nameOf } from './resolveTarget.ts';

/** What the reports are called. */
export const title = 'Trivy gate';

/**
 * What a later run of the same gate replaces, where no category was given: the subject without what
 * changes from run to run.
 */
export function categoryOf({ target, reports, leg }: Inputs): string {
  if (reports.category !== undefined) return reports.category;
  if (target.kind === 'cluster') {
    const { namespaces } = target.reports;
    return `trivy-gate/cluster/${namespaces === 'all' ? 'all' : namespaces.join('+')}`;
  }
  if (target.kind === 'running') return 'trivy-gate/running';
  const name =
    target.kind === 'image'
      ? `${target.image.registry}/${target.image.repository}`
      : nameOf(target);
  // An image has the same name in each leg; a matrix of names tells itself apart.
  return ['trivy-gate', target.kind, name, leg && leg !== 'null' ? leg : undefined]
    .filter((part) => part !== undefined)
    .join('/');
}

/** How what was found is led back to the files of the repository. */
export function originsOf({ target, reports }: Pick<Inputs, 'target' | 'reports'>) {
  const folder = 'folder' in target ? target.folder : undefined;
  return { dockerfile: reports.dockerfile, folder };
}

/** How SARIF is written, here and for GitHub. */
export function sarifOptions(
  inputs: Inputs,
): Pick<SarifOptions, 'tool' | 'category' | 'folder' | 'dockerfile'> {
  return {
    tool: title,
    category: categoryOf(inputs),
    ...originsOf(inputs),
  };
}
