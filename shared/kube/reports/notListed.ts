import { Failure, type FailureParts } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import { KubeProblem } from '../KubeApi.ts';
import { type Resource, resourceName } from './Resource.ts';

/**
 * What a person is told when a kind of objects could not be listed.
 *
 * @throws what is neither the server's refusal nor a {@link Failure}: a defect of ours, a cancellation
 */
export function notListed(
  error: unknown,
  resource: Resource,
  namespace: string | undefined,
): FailureParts {
  const name = resourceName(resource);
  const where = namespace === undefined ? 'in the whole cluster' : `in the namespace ${namespace}`;
  if (error instanceof Failure) {
    return { ...parts(error), what: `${name} could not be listed ${where}: ${error.what}` };
  }
  if (!(error instanceof KubeProblem)) throw error;
  const why = `The API server says: ${oneLine(error.message)}`;
  if (error.code === 403) {
    return {
      what: `The kubeconfig's user may not list ${name} ${where}.`,
      why,
      remedy: `Bind it to a ${namespace === undefined ? 'ClusterRole' : 'Role'} with the verb \`list\` on ${resource.plural} of the API group ${JSON.stringify(resource.group)}.`,
    };
  }
  if (error.code === 404 && resource.from !== undefined) {
    return {
      what: `The cluster has no ${name}: their custom resource definition is not installed.`,
      remedy: `Install ${resource.from} and let it scan, or do not ask for these reports.`,
    };
  }
  return {
    what: `${name} could not be listed ${where} (${error.code}).`,
    why,
    remedy: 'Run the step again; if it stays so, look at the API server.',
  };
}

function parts({ why, remedy, details }: Failure): Omit<FailureParts, 'what'> {
  return { why, remedy, details };
}
