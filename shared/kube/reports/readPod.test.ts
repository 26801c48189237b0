import { describe, expect, it } from '@jest/globals';
import type { V1OwnerReference, V1Pod } from '@kubernetes/client-node';
import { readPod } from './readPod.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const since = '2026-11-24T08:00:00Z';

function pod(owner?: Partial<V1OwnerReference>, status: V1Pod['status'] = {}, labels = {}): V1Pod {
  return {
    metadata: {
      name: 'web-7d4-x',
      namespace: 'apps',
      uid: 'pod',
      creationTimestamp: new Date(since),
      labels,
      ...(owner && {
        ownerReferences: [
          { apiVersion: 'v1', kind: '', name: '', uid: 'owner', controller: true, ...owner },
        ],
      }),
    },
    status: { phase: 'Running', containerStatuses: [container(digest)], ...status },
  };
}

function container(imageID: string, state: object = { running: {} }) {
  return { name: 'app', image: 'web:1', imageID, ready: true, restartCount: 0, state };
}

describe('the workload of a pod', () => {
  it.each([
    ['nothing', undefined, {}, 'Pod web-7d4-x', ['Pod/web-7d4-x']],
    [
      'a Deployment',
      { kind: 'ReplicaSet', name: 'web-7d4' },
      { 'pod-template-hash': '7d4' },
      'Deployment web',
      ['Deployment/web', 'Pod/web-7d4-x', 'ReplicaSet/web-7d4'],
    ],
    [
      'a ReplicaSet of nobody',
      { kind: 'ReplicaSet', name: 'web-7d4' },
      {},
      'ReplicaSet web-7d4',
      ['Pod/web-7d4-x', 'ReplicaSet/web-7d4'],
    ],
    [
      'a StatefulSet',
      { kind: 'StatefulSet', name: 'db' },
      {},
      'StatefulSet db',
      ['Pod/web-7d4-x', 'StatefulSet/db'],
    ],
    [
      'a CronJob',
      { kind: 'Job', name: 'night-29384756' },
      {},
      'CronJob night',
      ['CronJob/night', 'Job/night-29384756', 'Pod/web-7d4-x'],
    ],
    ['a node', { kind: 'Node', name: 'node-1' }, {}, 'Pod web-7d4-x', ['Pod/web-7d4-x']],
  ])('that is of %s', (_, owner, labels, workload, known) => {
    const { containers, knownAs } = readPod(pod(owner, {}, labels));
    const { namespace, kind, name } = containers[0]?.container.workload ?? {};
    expect([namespace, `${kind} ${name}`]).toEqual(['apps', workload]);
    expect([...new Set(knownAs)].toSorted()).toEqual(known.map((key) => `apps/${key}`));
  });
});

describe('the image of a container', () => {
  it.each([
    ['of containerd', `acme.azurecr.io/web@${digest}`, digest, 'web'],
    ['of Docker', `docker-pullable://acme.azurecr.io/web@${digest}`, digest, 'web'],
    ['that was loaded', digest, digest, undefined],
    ['that Docker has loaded', `docker://${digest}`, digest, undefined],
    ['that is not pulled', '', undefined, undefined],
    ['of a name without a digest', 'acme.azurecr.io/web:1', undefined, undefined],
    ['of no name at all', `A B@${digest}`, undefined, undefined],
  ])('%s', (_, imageID, known, repository) => {
    const [found] = readPod(pod(undefined, { containerStatuses: [container(imageID)] })).containers;
    expect(found?.digest).toBe(known);
    expect(found?.reference?.repository).toBe(repository);
  });
});

describe('the containers of a pod', () => {
  it('are those of each sort', () => {
    const statuses = [container(digest)];
    const status = { initContainerStatuses: statuses, ephemeralContainerStatuses: statuses };
    expect(readPod(pod(undefined, status)).containers).toHaveLength(3);
  });

  it.each(['Succeeded', 'Failed'])('are none when it has %s', (phase) => {
    expect(readPod(pod(undefined, { phase })).containers).toEqual([]);
  });

  it.each([
    [{ running: {} }, true],
    [{ terminated: { exitCode: 0 } }, true],
    [{ waiting: {} }, false],
  ])('have started: %j', (state, started) => {
    const status = { containerStatuses: [container('', state)] };
    expect(readPod(pod(undefined, status)).containers[0]?.started).toBe(started);
  });

  it('are of whatever controls them', () => {
    const { containers } = readPod(
      pod({ kind: 'StatefulSet', name: 'db' }, {}, { 'app.kubernetes.io/instance': 'shop' }),
    );
    expect(containers[0]?.container).toMatchObject({
      controllerUid: 'owner',
      release: 'shop',
      since: new Date(since),
    });
    expect(readPod(pod()).containers[0]?.container.controllerUid).toBe('pod');
  });
});
