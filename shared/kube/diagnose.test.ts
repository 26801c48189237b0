import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type {
  CoreV1Event,
  V1ContainerStatus,
  V1Deployment,
  V1Pod,
  V1ReplicaSet,
} from '@kubernetes/client-node';
import { decisiveLine } from './containerLog.ts';
import { type Cause, diagnose } from './diagnose.ts';
import { forControllersMs, forOthersMs, heals } from './Patience.ts';
import { workloadsOf } from './rollout.ts';
import { emptySnapshot, type Snapshot } from './Snapshot.ts';

const image = 'r.io/web@sha256:0';

function deployment(status: V1Deployment['status'] = {}): V1Deployment {
  return {
    metadata: {
      name: 'web',
      uid: 'deployment',
      generation: 2,
      annotations: { 'meta.helm.sh/release-name': 'web' },
    },
    spec: { replicas: 1, selector: {}, template: {} },
    status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, ...status },
  };
}

function replicaSet(revision: number, status: Partial<V1ReplicaSet['status']> = {}): V1ReplicaSet {
  return {
    metadata: {
      name: `web-${revision}`,
      uid: `rs-${revision}`,
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'web',
          uid: 'deployment',
          controller: true,
        },
      ],
    },
    status: { replicas: 1, ...status },
  };
}

function pod(revision: number, status: V1Pod['status'] = {}, extra: V1Pod['metadata'] = {}): V1Pod {
  return {
    metadata: {
      name: `web-${revision}-x`,
      uid: `pod-${revision}`,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'r',
          uid: `rs-${revision}`,
          controller: true,
        },
      ],
      ...extra,
    },
    status,
  };
}

function container(status: Partial<V1ContainerStatus>): V1ContainerStatus {
  return { name: 'app', image, imageID: '', ready: false, restartCount: 0, ...status };
}

function waiting(reason: string, message?: string, extra: Partial<V1ContainerStatus> = {}) {
  return {
    containerStatuses: [
      container({
        state: { waiting: { reason, ...(message !== undefined && { message }) } },
        ...extra,
      }),
    ],
  };
}

function event(uid: string, reason: string, message: string): CoreV1Event {
  return { metadata: {}, involvedObject: { uid }, reason, message, type: 'Warning' };
}

/** A Deployment in its second revision, with one pod of it. */
function rollout(status: V1Pod['status'], more: Partial<Snapshot> = {}): Snapshot {
  return {
    ...emptySnapshot,
    deployments: [deployment()],
    replicaSets: [replicaSet(1), replicaSet(2)],
    pods: [pod(2, status)],
    ...more,
  };
}

/** A ReplicaSet that may not make the pods of its revision. */
const withoutPods = (message: string, pods: V1Pod[] = []) => {
  const condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message };
  return rollout({}, { pods, replicaSets: [replicaSet(2, { conditions: [condition] })] });
};

const crashed = (exitCode: number, restartCount: number, reason = 'Error') =>
  waiting('CrashLoopBackOff', 'back-off 10s', {
    restartCount,
    lastState: { terminated: { exitCode, reason } },
  });

const crashes = crashed(1, 9);

function atRevision(revision: number): V1Deployment {
  const { metadata, ...rest } = deployment();
  const annotations = {
    ...metadata?.annotations,
    'deployment.kubernetes.io/revision': String(revision),
  };
  return { ...rest, metadata: { ...metadata, annotations } };
}

const unschedulable = (message: string) => ({
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
});

const ofContainer = (name: string, reason: string, message: string): CoreV1Event => ({
  ...event('pod-2', reason, message),
  involvedObject: { uid: 'pod-2', fieldPath: `spec.containers{${name}}` },
  lastTimestamp: new Date('2026-01-01T00:00:08Z'),
});

const killedAt = (time: string) =>
  waiting('CrashLoopBackOff', 'back-off 10s', {
    restartCount: 2,
    lastState: { terminated: { exitCode: 137, finishedAt: new Date(time) } },
  });

const withClaim = (claimName: string): V1Pod => ({
  ...pod(2, unschedulable('pod has unbound immediate PersistentVolumeClaims')),
  spec: { containers: [], volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] },
});

describe('diagnose', () => {
  it.each<
    [string, Snapshot, { reason: string; patienceMs: number; message?: RegExp; remedy?: RegExp }]
  >([
    [
      'an image that does not exist',
      rollout(waiting('ErrImagePull', `rpc error: code = NotFound desc = ${image}: not found`)),
      { reason: 'ErrImagePull', patienceMs: 0, message: /does not exist in the registry/ },
    ],
    [
      'a pull in back-off takes the word of the event before it',
      rollout(waiting('ImagePullBackOff', 'Back-off pulling image'), {
        events: [event('pod-2', 'Failed', 'Failed to pull image "x": manifest unknown')],
      }),
      { reason: 'ImagePullBackOff', patienceMs: 0 },
    ],
    [
      'a pull that is denied',
      rollout(waiting('ErrImagePull', 'failed to authorize: 401 Unauthorized')),
      {
        reason: 'ErrImagePull',
        patienceMs: 0,
        message: /may not be pulled/,
        remedy: /right to pull/,
      },
    ],
    [
      'a network that has the digits of a denial in its ports and digests',
      rollout(
        waiting(
          'ErrImagePull',
          'failed to copy: read tcp 10.0.0.4:40312->20.1.4.3:443: read: connection reset by peer of r.io/web@sha256:40114030',
        ),
      ),
      { reason: 'ErrImagePull', patienceMs: heals, message: /cannot be pulled/ },
    ],
    [
      'a pull whose digest has such digits, and no word of a denial',
      rollout(waiting('ErrImagePull', 'failed to pull r.io:4010/web@sha256:e401f403: odd')),
      { reason: 'ErrImagePull', patienceMs: heals },
    ],
    [
      'a name that is not known yet',
      rollout(waiting('ErrImagePull', 'dial tcp: lookup acr-403.azurecr.io: no such host')),
      { reason: 'ErrImagePull', patienceMs: heals },
    ],
    [
      'a login whose server is slow',
      rollout(
        waiting('ErrImagePull', 'failed to authorize: denied: net/http: TLS handshake timeout'),
      ),
      { reason: 'ErrImagePull', patienceMs: heals },
    ],
    [
      'a node that loses its own content',
      rollout(waiting('ErrImagePull', 'failed to pull: parent snapshot sha256:1 does not exist')),
      { reason: 'ErrImagePull', patienceMs: heals },
    ],
    [
      'a repository that may be hidden',
      rollout(
        waiting(
          'ErrImagePull',
          'failed to pull: pull access denied, repository does not exist or may require authorization: insufficient_scope',
        ),
      ),
      { reason: 'ErrImagePull', patienceMs: 0, message: /may not be pulled/ },
    ],
    [
      'a registry that is away may come back',
      rollout(waiting('ErrImagePull', 'rpc error: dial tcp: i/o timeout')),
      { reason: 'ErrImagePull', patienceMs: heals, message: /cannot be pulled/ },
    ],
    [
      'a wrong name',
      rollout(waiting('InvalidImageName', 'bad')),
      { reason: 'InvalidImageName', patienceMs: 0 },
    ],
    [
      'a missing secret',
      rollout(waiting('CreateContainerConfigError', 'secret "db" not found')),
      {
        reason: 'CreateContainerConfigError',
        patienceMs: forOthersMs,
        remedy: /Create the secret "db"/,
      },
    ],
    [
      'a missing key',
      rollout(waiting('CreateContainerConfigError', "couldn't find key url in Secret web/db")),
      {
        reason: 'CreateContainerConfigError',
        patienceMs: forOthersMs,
        remedy: /Add the key url to Secret web\/db/,
      },
    ],
    [
      'a cache that lags behind heals',
      rollout(waiting('CreateContainerConfigError', 'failed to sync secret cache: timed out')),
      { reason: 'CreateContainerConfigError', patienceMs: heals },
    ],
    [
      'a user that may not be root does not',
      rollout(
        waiting(
          'CreateContainerConfigError',
          'container has runAsNonRoot and image will run as root',
        ),
      ),
      { reason: 'CreateContainerConfigError', patienceMs: 0, remedy: /numeric USER/ },
    ],
    [
      'a runtime that stumbles heals',
      rollout(
        waiting(
          'CreateContainerError',
          'failed to get sandbox container task: no running task found',
        ),
      ),
      { reason: 'CreateContainerError', patienceMs: heals },
    ],
    [
      'a command that is not there does not',
      rollout(waiting('RunContainerError', 'exec: "x": executable file not found in $PATH')),
      { reason: 'RunContainerError', patienceMs: 0, remedy: /Correct the command/ },
    ],
    [
      'a command that is not there, in the words of crun',
      rollout(
        waiting(
          'CreateContainerError',
          'crun: executable file `x` not found in $PATH: No such file',
        ),
      ),
      { reason: 'CreateContainerError', patienceMs: 0, remedy: /Correct the command/ },
    ],
    [
      'another architecture',
      rollout(waiting('RunContainerError', 'exec /app: exec format error')),
      { reason: 'RunContainerError', patienceMs: 0, remedy: /architecture/ },
    ],
    [
      'one crash may be an accident',
      rollout(crashed(1, 1)),
      { reason: 'CrashLoopBackOff', patienceMs: heals },
    ],
    [
      'three ends are not',
      rollout(crashed(1, 2)),
      {
        reason: 'CrashLoopBackOff',
        patienceMs: forOthersMs,
        message: /exit code 1, restarted 2 times/,
      },
    ],
    [
      'a command that its shell does not find',
      rollout(crashed(127, 1)),
      { reason: 'CrashLoopBackOff', patienceMs: 0, remedy: /Correct the command/ },
    ],
    [
      'a runtime whose own files are not there heals',
      rollout(waiting('RunContainerError', 'open /run/containerd/x/config.json: no such file')),
      { reason: 'RunContainerError', patienceMs: heals },
    ],
    [
      'memory',
      rollout(crashed(137, 3, 'OOMKilled')),
      { reason: 'OOMKilled', patienceMs: 0, remedy: /limits\.memory/ },
    ],
    [
      'an init container',
      rollout({
        initContainerStatuses: [
          container({ name: 'migrate', state: { terminated: { exitCode: 2 } } }),
        ],
        containerStatuses: [container({ state: { waiting: { reason: 'PodInitializing' } } })],
      }),
      { reason: 'Error', patienceMs: heals, message: /exit code 2/ },
    ],
    [
      'no node is large enough',
      rollout(unschedulable('0/3 nodes are available: 3 Insufficient cpu.')),
      { reason: 'Unschedulable', patienceMs: heals, remedy: /Ask for less/ },
    ],
    [
      'a claim that is not there',
      rollout(unschedulable('persistentvolumeclaim "data" not found')),
      { reason: 'Unschedulable', patienceMs: forOthersMs, remedy: /Create the claim/ },
    ],
    [
      'a probe',
      rollout(
        { containerStatuses: [container({ state: { running: {} } })] },
        { events: [event('pod-2', 'Unhealthy', 'Readiness probe failed: 404')] },
      ),
      { reason: 'Unhealthy', patienceMs: heals, message: /404/ },
    ],
    [
      'a probe, and not that of another container',
      rollout(
        { containerStatuses: [container({ state: { running: {} } })] },
        {
          events: [
            ofContainer('app', 'Unhealthy', 'Readiness probe failed: 404'),
            ofContainer('other', 'Unhealthy', 'Readiness probe failed: 500'),
          ],
        },
      ),
      { reason: 'Unhealthy', patienceMs: heals, message: /404/ },
    ],
    [
      'a liveness probe for which it was killed',
      rollout(killedAt('2026-01-01T00:00:10Z'), {
        events: [
          ofContainer('app', 'Unhealthy', 'Liveness probe failed: 500'),
          ofContainer('app', 'Killing', 'Container app failed liveness probe, will be restarted'),
        ],
      }),
      {
        reason: 'Unhealthy',
        patienceMs: forOthersMs,
        message: /Liveness probe failed: 500; it was/,
      },
    ],
    [
      'an end of its own, long after it was killed for a probe',
      rollout(killedAt('2026-01-01T00:09:00Z'), {
        events: [ofContainer('app', 'Killing', 'Container app failed liveness probe, will be')],
      }),
      { reason: 'CrashLoopBackOff', patienceMs: forOthersMs, message: /exit code 137/ },
    ],
    [
      'a program that ends well again and again',
      rollout(crashed(0, 2, 'Completed')),
      { reason: 'CrashLoopBackOff', patienceMs: forOthersMs, remedy: /foreground/ },
    ],
    [
      'an init container that goes on',
      rollout({
        initContainerStatuses: [container({ name: 'wait', state: { running: {} } })],
        containerStatuses: [container({ state: { waiting: { reason: 'PodInitializing' } } })],
      }),
      { reason: 'StillRunning', patienceMs: heals },
    ],
    [
      'a volume whose storage class is not there',
      rollout(unschedulable('pod has unbound immediate PersistentVolumeClaims'), {
        pods: [withClaim('data')],
        claims: [{ metadata: { name: 'data', uid: 'claim' }, spec: { storageClassName: 'fast' } }],
        events: [event('claim', 'ProvisioningFailed', 'storageclass "fast" not found')],
      }),
      { reason: 'ProvisioningFailed', patienceMs: forOthersMs, remedy: /storage class "fast"/ },
    ],
    [
      'a volume that cannot be mounted',
      rollout(waiting('ContainerCreating'), {
        events: [
          event('pod-2', 'FailedMount', 'MountVolume.SetUp failed: configmap "cfg" not found'),
        ],
      }),
      { reason: 'FailedMount', patienceMs: forOthersMs, remedy: /Create the configmap "cfg"/ },
    ],
    [
      'a quota',
      withoutPods('pods "web-" is forbidden: exceeded quota: q'),
      { reason: 'FailedCreate', patienceMs: forOthersMs, remedy: /quota/ },
    ],
    [
      'a quota while an old pod goes',
      withoutPods('pods "web-" is forbidden: exceeded quota: q', [
        pod(1, {}, { deletionTimestamp: new Date() }),
      ]),
      { reason: 'FailedCreate', patienceMs: heals, remedy: /quota/ },
    ],
    [
      'an account that comes a moment after its namespace',
      withoutPods(
        'pods "web-" is forbidden: error looking up service account a/web: serviceaccount "web" not found',
      ),
      {
        reason: 'FailedCreate',
        patienceMs: forControllersMs,
        remedy: /Create the service account web/,
      },
    ],
    [
      'a policy',
      withoutPods('pods "web-" is forbidden: violates PodSecurity "restricted:latest"'),
      { reason: 'FailedCreate', patienceMs: 0 },
    ],
    [
      'a webhook that is away',
      withoutPods('Internal error occurred: failed calling webhook: connection refused'),
      { reason: 'FailedCreate', patienceMs: heals },
    ],
  ])('%s', (_name, snapshot, expected) => {
    const [first] = diagnose(snapshot, 'web');
    expect(first).toMatchObject({ reason: expected.reason, patienceMs: expected.patienceMs });
    expect(first?.message).toMatch(expected.message ?? /./);
    expect(first?.remedy).toMatch(expected.remedy ?? /./);
  });

  it.each<[string, Snapshot]>([
    ['a container that is being created', rollout(waiting('ContainerCreating'))],
    [
      'a container that runs and is not ready yet',
      rollout({ containerStatuses: [container({ state: { running: {} } })] }),
    ],
    ['a pod of the revision before', rollout({}, { pods: [pod(1, crashed(1, 9))] })],
    [
      'a pod that is being deleted',
      rollout({}, { pods: [pod(2, crashed(1, 9), { deletionTimestamp: new Date() })] }),
    ],
    [
      'another release',
      rollout(
        {},
        {
          deployments: [{ ...deployment(), metadata: { name: 'web', uid: 'deployment' } }],
          pods: [pod(2, crashed(1, 9))],
        },
      ),
    ],
  ])('does not blame %s', (_name, snapshot) => {
    expect(diagnose(snapshot, 'web')).toEqual([]);
  });

  it.each<[string, Snapshot, number]>([
    ['a change that is not applied yet', rollout(crashes), 2],
    [
      'a controller that has not seen the change yet',
      rollout(crashes, {
        deployments: [{ ...deployment(), metadata: { ...deployment().metadata, generation: 3 } }],
      }),
      2,
    ],
    [
      'a ReplicaSet that we have not seen yet',
      rollout(crashes, { deployments: [atRevision(3)] }),
      1,
    ],
  ])('is not certain of old trouble: %s', (_name, snapshot, generation) => {
    const causes = diagnose(snapshot, 'web', new Map([['deployment', { generation, done: true }]]));
    expect(causes.filter(({ patienceMs }) => patienceMs < heals)).toEqual([]);
  });

  it('is certain of trouble in what was changed', () => {
    const [cause] = diagnose(
      rollout(crashes),
      'web',
      new Map([['deployment', { generation: 1, done: true }]]),
    );
    expect(cause?.patienceMs).toBe(forOthersMs);
  });

  it.each([
    ['a program that fails may be tried again', crashes, heals],
    ['an image that does not exist may not', waiting('InvalidImageName', 'bad'), 0],
  ])('of a Job: %s', (_name, status, patienceMs) => {
    const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'job', uid: 'job' };
    const job = {
      metadata: {
        name: 'job',
        uid: 'job',
        annotations: { 'meta.helm.sh/release-name': 'web' },
      },
    };
    const run = pod(2, status, { ownerReferences: [{ ...owner, controller: true }] });
    const [cause] = diagnose({ ...emptySnapshot, jobs: [job], pods: [run] }, 'web');
    expect(cause).toMatchObject({ patienceMs, chain: 'Job/job → pod web-2-x → container app' });
  });

  it.each([
    ['by its name', 'web-migrate', {}, 1],
    ['by its label', 'migrate', { 'app.kubernetes.io/instance': 'web' }, 1],
    ['not of another release', 'web-migrate', { 'app.kubernetes.io/instance': 'web-2' }, 0],
    ['not of another release by its name', 'website-migrate', {}, 0],
  ])('finds the Job of a hook %s', (_name, name, labels, found) => {
    const annotations = { 'helm.sh/hook': 'pre-install,pre-upgrade' };
    const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid: 'job' };
    const failed = {
      containerStatuses: [container({ state: { terminated: { exitCode: 1 } } })],
    };
    const snapshot: Snapshot = {
      ...emptySnapshot,
      jobs: [{ metadata: { name, uid: 'job', labels, annotations } }],
      pods: [pod(2, failed, { ownerReferences: [{ ...owner, controller: true }] })],
    };
    expect(diagnose(snapshot, 'web')).toHaveLength(found);
    expect(diagnose(snapshot, 'web', new Map([['job', { generation: 0, done: false }]]))).toEqual(
      [],
    );
  });

  it('puts what cannot heal first', () => {
    const second = {
      ...pod(2, waiting('InvalidImageName', 'bad')),
      metadata: { ...pod(2).metadata, uid: 'b' },
    };
    const causes = diagnose(rollout({}, { pods: [pod(2, crashed(1, 1)), second] }), 'web');
    expect(causes.map(({ reason }) => reason)).toEqual(['InvalidImageName', 'CrashLoopBackOff']);
  });
});

/** Namespaces of the lab as they were, without what no one reads (`takeSnapshot`). */
describe('diagnose of recorded rollouts', () => {
  it.each<[string, Partial<Cause> | undefined]>([
    ['healthy', undefined],
    [
      'imageNotFound',
      {
        reason: 'ErrImagePull',
        patienceMs: 0,
        message: '127.0.0.1:15000/nothing-here:1 does not exist in the registry',
      },
    ],
    [
      'crashLoop',
      {
        reason: 'CrashLoopBackOff',
        patienceMs: forOthersMs,
        message: 'it ended with exit code 3, restarted 2 times',
      },
    ],
    [
      'upgradeCrash',
      {
        reason: 'CrashLoopBackOff',
        patienceMs: forOthersMs,
        chain: 'Deployment/web → pod web-7fcd665647-lmkr2 → container web',
      },
    ],
    [
      'missingSecret',
      {
        reason: 'CreateContainerConfigError',
        patienceMs: forOthersMs,
        remedy: 'Create the secret "absent", or correct its name in the chart.',
      },
    ],
    [
      'unschedulable',
      {
        reason: 'Unschedulable',
        patienceMs: heals,
        remedy: expect.stringContaining('Correct nodeSelector or affinity') as unknown as string,
      },
    ],
    [
      'quota',
      {
        reason: 'FailedCreate',
        patienceMs: forOthersMs,
        chain: 'Deployment/web',
        message: expect.stringContaining('exceeded quota: none') as unknown as string,
      },
    ],
  ])('%s', (name, expected) => {
    const file = join(import.meta.dirname, 'fixtures', `${name}.json`);
    const snapshot = {
      ...emptySnapshot,
      ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Snapshot>),
    };
    const causes = diagnose(snapshot, 'web');
    expect(causes).toHaveLength(expected === undefined ? 0 : 1);
    expect(causes[0] ?? {}).toMatchObject(expected ?? {});
  });
});

describe('workloadsOf', () => {
  it.each([
    ['new pods are ready and old ones gone', { replicas: 1, updatedReplicas: 1 }, 1, true],
    ['an old pod still ends', { replicas: 2, updatedReplicas: 1 }, 1, false],
    [
      'only the old pod is ready',
      { replicas: 2, updatedReplicas: 1, availableReplicas: 1 },
      0,
      false,
    ],
    ['the change is not seen yet', { observedGeneration: 1, updatedReplicas: 1 }, 1, false],
  ])('%s', (_name, status, available, done) => {
    const [workload] = workloadsOf(
      {
        ...emptySnapshot,
        deployments: [deployment(status)],
        replicaSets: [replicaSet(2, { availableReplicas: available })],
      },
      'web',
    );
    expect(workload?.done).toBe(done);
  });
});

describe('decisiveLine', () => {
  it.each([
    ['starting\nError: no such table\n  at query (db.js:1)\n', 'Error: no such table'],
    ['one\ntwo\n', 'two'],
    ['', undefined],
  ])('%j', (log, line) => {
    expect(decisiveLine(log)).toBe(line);
  });
});
