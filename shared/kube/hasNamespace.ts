import { type KubeApi, KubeProblem } from './KubeApi.ts';

/**
 * Whether a namespace is there. Who may not see it may still deploy into it.
 *
 * @throws {Failure} when the server does not answer
 */
export async function hasNamespace(api: Pick<KubeApi, 'get'>, namespace: string): Promise<boolean> {
  try {
    await api.get(`/api/v1/namespaces/${namespace}`);
    return true;
  } catch (error) {
    if (error instanceof KubeProblem) return error.code !== 404;
    throw error;
  }
}
