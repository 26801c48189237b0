import { Failure } from '../../failure/Failure.ts';
import { nearest } from '../../text/nearest.ts';
import type { ManifestFile } from './readManifests.ts';

const reference = /\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Puts values where the manifest has `${NAME}`; `$${NAME}` stays as `${NAME}`, and so does what else
 * begins with a dollar (`$NAME`, `${NAME:-x}`), since it is the text of a shell.
 *
 * @throws {AggregateError} of one {@link Failure} a name without a value: `envsubst` would write nothing
 */
export function substituteVariables(
  { file, text }: ManifestFile,
  variables: ReadonlyMap<string, string>,
): ManifestFile {
  const unset = new Map<string, number>();
  const replaced = text.replace(reference, (found: string, name: string, offset: number) => {
    if (found.startsWith('$$')) return found.slice(1);
    const value = variables.get(name);
    if (value === undefined && !unset.has(name)) unset.set(name, lineAt(text, offset));
    return value ?? found;
  });
  if (unset.size === 0) return { file, text: replaced };
  throw new AggregateError(
    [...unset].map(([name, line]) => {
      const near = nearest(name, variables.keys());
      const meant = near === undefined ? '' : ` Did you mean \${${near}}?`;
      return new Failure({
        what: `${file}:${line}: \${${name}} has no value.${meant}`,
        remedy: `Set ${name} in \`variables\`, or write $\${${name}} where it has to stay.`,
        place: { file, line },
      });
    }),
    'Variables have no value.',
  );
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
