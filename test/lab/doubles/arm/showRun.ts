import type { ArmRegistry } from './ArmRegistry.ts';
import type { Run } from './Runs.ts';

const type = 'Microsoft.ContainerRegistry/registries';

/** A run as ARM shows it: neither its arguments nor where its source was. */
export function showRun(
  run: Run,
  { subscription, resourceGroup, name, loginServer }: ArmRegistry,
): unknown {
  const { id, request, status, digest } = run;
  const images = (request.imageNames ?? []).map((image) => {
    const [repository, tag = 'latest'] = image.split(':');
    return { registry: loginServer, repository, tag, digest };
  });
  return {
    type: `${type}/runs`,
    id: `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/${type}/${name}/runs/${id}`,
    name: id,
    properties: {
      runId: id,
      status,
      lastUpdatedTime: (run.finished ?? run.started ?? run.created).toISOString(),
      runType: 'QuickBuild',
      createTime: run.created.toISOString(),
      startTime: run.started?.toISOString(),
      finishTime: run.finished?.toISOString(),
      ...(status === 'Succeeded' && request.isPushEnabled && { outputImages: images }),
      platform: request.platform,
      provisioningState: status === 'Queued' || status === 'Running' ? 'Updating' : 'Succeeded',
      isArchiveEnabled: false,
    },
  };
}
