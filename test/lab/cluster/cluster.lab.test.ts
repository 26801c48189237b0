import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppsV1Api, CoreV1Api, KubeConfig, StorageV1Api } from '@kubernetes/client-node';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../addresses.ts';
import { labContext } from '../lab.ts';
import { adminKubeconfig, guestKubeconfig } from './kubeconfig.ts';
import { network } from './network.ts';
import { pretended } from './pretendedNodes.ts';

const lab = labContext(silent);
const config = new KubeConfig();
config.loadFromFile(adminKubeconfig(lab));
const core = config.makeApiClient(CoreV1Api);
const apps = config.makeApiClient(AppsV1Api);
const namespace = `lab-${randomBytes(4).toString('hex')}`;
const image = `${addresses.registry}/library/busybox:1.36`;

beforeAll(() => core.createNamespace({ body: { metadata: { name: namespace } } }));
afterAll(() => core.deleteNamespace({ name: namespace }));

/** Shorter than a test may take, so that what was last seen is told and not only that time is up. */
const patienceMs = 50_000;

/** Asks until the answer is there; what `ask` throws meanwhile is told when it never comes. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const found = await ask();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await sleep(200);
  }
  throw new Error(`it did not come within ${patienceMs / 1000} s: ${last}`);
}

async function finished(name: string): Promise<string> {
  await until(async () => {
    const { status } = await core.readNamespacedPod({ namespace, name });
    return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? status.phase : undefined;
  });
  return core.readNamespacedPodLog({ namespace, name });
}

function script(name: string, text: string, spec: object = {}, container: object = {}) {
  return core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name },
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'main', image, command: ['sh', '-c', text], ...container }],
        ...spec,
      },
    },
  });
}

describe('the cluster of the lab', () => {
  it('runs pods that become ready and answer through their service, from the host and by name from a pod', async () => {
    const labels = { app: 'web' };
    await apps.createNamespacedDeployment({
      namespace,
      body: {
        metadata: { name: 'web' },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              terminationGracePeriodSeconds: 0,
              containers: [
                {
                  name: 'web',
                  image,
                  command: [
                    'sh',
                    '-c',
                    `mkdir /www && echo ${namespace} > /www/index.html && exec httpd -f -p 80 -h /www`,
                  ],
                  readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 },
                },
              ],
            },
          },
        },
      },
    });
    const service = await core.createNamespacedService({
      namespace,
      body: { metadata: { name: 'web' }, spec: { selector: labels, ports: [{ port: 80 }] } },
    });
    await until(async () => {
      const { status } = await apps.readNamespacedDeployment({ namespace, name: 'web' });
      return status?.readyReplicas === 2 ? true : undefined;
    });
    const body = await until(async () => {
      const url = `http://${service.spec?.clusterIP}/`;
      return (await fetch(url, { signal: AbortSignal.timeout(1000) })).text();
    });
    expect(body.trim()).toBe(namespace);

    await script(
      'asks',
      `wget -q -O - http://web.${namespace}.svc.${network.domain}/; wget -q -O - http://web/`,
    );
    expect(await finished('asks')).toBe(`${namespace}\n${namespace}\n`);
  }, 90_000);

  it('binds a claim of the default StorageClass, and keeps its data', async () => {
    const { items } = await config.makeApiClient(StorageV1Api).listStorageClass();
    expect(items.map(({ metadata }) => metadata?.annotations)).toContainEqual({
      'storageclass.kubernetes.io/is-default-class': 'true',
    });
    await core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
      },
    });
    const spec = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };
    const container = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    await script('writes', 'echo kept > /data/file', spec, container);
    await finished('writes');
    await script('reads', 'cat /data/file', spec, container);
    expect(await finished('reads')).toBe('kept\n');
  }, 90_000);

  it('gives a pod the usual address of its API server, and a token', async () => {
    await script(
      'token',
      'test -s /var/run/secrets/kubernetes.io/serviceaccount/token && echo $KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT',
    );
    expect(await finished('token')).toBe(`${network.apiServiceAddress}:443\n`);
  }, 60_000);

  it('knows a guest and lets it do nothing', async () => {
    const guest = new KubeConfig();
    guest.loadFromFile(guestKubeconfig(lab));
    await expect(
      guest.makeApiClient(CoreV1Api).listNamespacedPod({ namespace }),
    ).rejects.toMatchObject({
      code: 403,
    });
  });

  it('pretends nodes, on which only what tolerates them lands', async () => {
    const name = `fake-${namespace}`;
    await core.createNode({
      body: {
        metadata: { name, annotations: pretended.annotations, labels: { type: name } },
        spec: { taints: [pretended.taint] },
        status: {
          allocatable: { cpu: '8', memory: '8Gi', pods: '110' },
          capacity: { cpu: '8', memory: '8Gi', pods: '110' },
        },
      },
    });
    try {
      await script('on-fake', 'sleep 1000', {
        nodeSelector: { type: name },
        tolerations: [{ key: pretended.taint.key, operator: 'Exists' }],
      });
      const phase = await until(async () => {
        const pod = await core.readNamespacedPod({ namespace, name: 'on-fake' });
        if (pod.status?.phase === 'Running') return pod.spec?.nodeName;
        const node = await core.readNode({ name });
        throw new Error(JSON.stringify([pod.spec?.nodeName, pod.status, node.spec, node.status]));
      });
      expect(phase).toBe(name);
    } finally {
      await core.deleteNode({ name });
    }
  }, 60_000);
});
