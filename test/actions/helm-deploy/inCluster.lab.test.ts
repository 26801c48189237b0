import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { root } from '../../../scripts/actions.ts';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { network } from '../../lab/cluster/network.ts';
import { labContext } from '../../lab/lab.ts';
import { chart, config, core, namespace, revisions } from './cluster.ts';

const inputs = {
  chart,
  release: 'web',
  'create-namespace': 'false',
  timeout: '60s',
  settle: '0s',
};

/** A step on a runner that is itself a pod of the cluster. */
it('deploys by the service account of the pod in which the runner runs', async () => {
  await using space = await namespace();
  const helm = await labContext(silent).program('helm');
  await config.makeApiClient(RbacAuthorizationV1Api).createNamespacedRoleBinding({
    namespace: space.name,
    body: {
      metadata: { name: 'runner' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: space.name }],
    },
  });
  const env = {
    ...Object.fromEntries(
      Object.entries({ ...inputs, namespace: space.name }).map(([name, value]) => [
        `INPUT_${name.toUpperCase()}`,
        value,
      ]),
    ),
    PATH: `${dirname(helm)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: '/tmp',
    RUNNER_TEMP: '/tmp',
    // The API server itself: this test is about the account, not about kube-proxy.
    KUBERNETES_SERVICE_HOST: network.nodeAddress,
    KUBERNETES_SERVICE_PORT: addresses.apiServer.split(':')[1] ?? '',
  };
  await core.createNamespacedPod({
    namespace: space.name,
    body: {
      metadata: { name: 'runner' },
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'step',
            image: `${addresses.registry}/library/node:24-slim`,
            command: ['node', join(root, 'dist/helm-deploy.js')],
            env: Object.entries(env).map(([name, value]) => ({ name, value })),
            volumeMounts: [root, dirname(helm)].map((mountPath, index) => ({
              name: `m${index}`,
              mountPath,
              readOnly: true,
            })),
          },
        ],
        volumes: [root, dirname(helm)].map((path, index) => ({
          name: `m${index}`,
          hostPath: { path },
        })),
      },
    },
  });
  const phase = await ended(space.name);
  const log = await core.readNamespacedPodLog({ namespace: space.name, name: 'runner' });
  expect({ phase, log }).toEqual({
    phase: 'Succeeded',
    log: expect.stringContaining('web is ready: revision 1'),
  });
  expect(await revisions(space.name)).toEqual(['1 deployed']);
}, 120_000);

async function ended(name: string): Promise<string> {
  for (;;) {
    const { status } = await core.readNamespacedPod({ namespace: name, name: 'runner' });
    if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return status.phase;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
