import { describe, expect, it } from '@jest/globals';
import { busybox, core, deploy, namespace, revisions } from './cluster.ts';
import { inMode } from './inMode.ts';
import { workspaceOf } from './workspaceOf.ts';

describe('uninstall', () => {
  it.concurrent('removes the release, and says what stays', async () => {
    await using space = await namespace();
    using files = workspaceOf({
      'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'c/templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: gone}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 0
  selector: {matchLabels: {app: db}}
  serviceName: db
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: ${busybox}}]}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
`,
    });
    await core.createNamespacedPersistentVolumeClaim({
      namespace: space.name,
      body: {
        metadata: { name: 'data-db-0' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
      },
    });
    const made = await deploy(
      space.name,
      {},
      {
        workspace: files.path,
        inputs: { chart: 'c', values: '' },
      },
    );
    expect(made.outputs).toMatchObject({ status: 'deployed' });
    const step = await inMode('uninstall', space.name);
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toEqual({ status: 'uninstalled' });
    expect(step.summary).toContain('<code>ConfigMap/kept</code>');
    expect(step.summary).toContain('<code>PersistentVolumeClaim/data-db-0</code>');
    expect(await revisions(space.name)).toEqual([]);
    const { items } = await core.listNamespacedConfigMap({ namespace: space.name });
    expect(items.map(({ metadata }) => metadata?.name)).toContain('kept');
    const again = await inMode('uninstall', space.name);
    expect(again.annotations).toMatchObject([{ level: 'notice' }]);
    expect(again).toMatchObject({ exitCode: 0, outputs: { status: 'uninstalled' } });
  }, 60_000);

  it.concurrent('names who holds what does not go', async () => {
    await using space = await namespace();
    await deploy(space.name);
    const at = { namespace: space.name, name: 'web' };
    const secret = await core.readNamespacedSecret(at);
    const hold = async (finalizers: string[]) => {
      const present = await core.readNamespacedSecret(at);
      await core.replaceNamespacedSecret({
        ...at,
        body: { ...present, metadata: { ...present.metadata, finalizers } },
      });
    };
    expect(secret.metadata?.name).toBe('web');
    await hold(['example.com/clean-up']);
    const step = await inMode('uninstall', space.name, { timeout: '6s' });
    await hold([]);
    expect(step.exitCode).toBe(1);
    expect(step.annotations.at(0)?.message).toMatch(
      /^web: Secret\/web is still there after 6 s\. It is being deleted, and example\.com\/clean-up holds it/,
    );
  }, 60_000);
});
