import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import { type KubeObject, nameOf, textAt } from '../preflight/KubeObject.ts';

/**
 * Which objects of a namespace have their replicas set by an autoscaler: `Deployment/web` by
 * `HorizontalPodAutoscaler/web`.
 */
export async function autoscaledBy(
  api: Pick<KubeApi, 'get'>,
  namespace: string,
): Promise<ReadonlyMap<string, string>> {
  const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
  try {
    const { items } = await api.get<{ readonly items: readonly KubeObject[] }>(path);
    return new Map(
      items.map((item) => {
        const kind = textAt(item, 'spec', 'scaleTargetRef', 'kind');
        const name = textAt(item, 'spec', 'scaleTargetRef', 'name');
        // In a list, objects do not say of which kind they are.
        return [`${kind}/${name}`, nameOf({ ...item, kind: 'HorizontalPodAutoscaler' })];
      }),
    );
  } catch (error) {
    // Who may not see autoscalers is told of replicas that differ.
    if (error instanceof KubeProblem) return new Map();
    throw error;
  }
}
