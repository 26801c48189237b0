import { describe, expect, it } from '@jest/globals';
import { AutoscalingV2Api } from '@kubernetes/client-node';
import { apps, config, core, deploy, namespace } from './cluster.ts';
import { inMode, serve } from './inMode.ts';

const autoscaling = config.makeApiClient(AutoscalingV2Api);

describe('drift', () => {
  it.concurrent('finds what people changed, and nothing else', async () => {
    await using space = await namespace();
    await deploy(space.name, { password: 'hunter22' });
    const none = await inMode('drift', space.name);
    expect(none.annotations).toEqual([]);
    expect(none.outputs).toEqual({ revision: '1', verdict: 'pass', changed: '[]' });

    const at = { namespace: space.name, name: 'web' };
    const live = await apps.readNamespacedDeployment(at);
    const [container] = live.spec?.template.spec?.containers ?? [];
    if (live.spec?.template.spec && container) {
      live.spec.replicas = 2;
      container.command = [...serve('other')];
      live.metadata = { ...live.metadata, labels: { ...live.metadata?.labels, mine: 'label' } };
    }
    await apps.replaceNamespacedDeployment({ ...at, body: live });
    const secret = await core.readNamespacedSecret(at);
    await core.replaceNamespacedSecret({
      ...at,
      body: { ...secret, data: { password: 'b3RoZXI=' } },
    });
    const found = await inMode('drift', space.name);
    expect(found.exitCode).toBe(1);
    expect(found.outputs).toMatchObject({ verdict: 'violation' });
    expect(JSON.parse(found.outputs.changed ?? '')).toEqual(['Deployment/web', 'Secret/web']);
    expect(found.annotations.at(0)?.message).toMatch(
      /^Deployment\/web differs from revision 1 of web: spec\.replicas, spec\.template/,
    );
    expect(found.summary).toContain('<code>spec.replicas</code> | <code>2</code> | <code>1</code>');
    expect(found.summary).toMatch(
      /Secret\/web<\/code> \| <code>data\.password<\/code> \| \*not shown\*/,
    );
    expect(found.summary + found.log).not.toMatch(/b3RoZXI|hunter22|aHVudGVyMjI/);
    expect(found.summary).not.toContain('mine');

    await core.deleteNamespacedSecret(at);
    const warned = await inMode('drift', space.name, { 'on-drift': 'warn' });
    expect(warned).toMatchObject({ exitCode: 0, outputs: { verdict: 'violation' } });
    expect(warned.summary).toContain('it was deleted');
  }, 60_000);

  it.concurrent('does not blame an autoscaler', async () => {
    await using space = await namespace();
    await deploy(space.name);
    await autoscaling.createNamespacedHorizontalPodAutoscaler({
      namespace: space.name,
      body: {
        metadata: { name: 'web' },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          ...{ minReplicas: 1, maxReplicas: 3 },
        },
      },
    });
    await apps.replaceNamespacedDeploymentScale({
      ...{ namespace: space.name, name: 'web' },
      body: { metadata: { name: 'web', namespace: space.name }, spec: { replicas: 2 } },
    });
    const step = await inMode('drift', space.name);
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
    expect(step.log).toContain('Deployment/web: HorizontalPodAutoscaler/web sets its replicas.');
  }, 60_000);
});
