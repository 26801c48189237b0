import { expect, it } from '@jest/globals';
import { emptySnapshot, type Snapshot } from '../../../shared/kube/Snapshot.ts';
import { parseDigest } from '../../../shared/oci/Reference.ts';
import { checkImages } from './checkImages.ts';

const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
const other = `sha256:${'b'.repeat(64)}`;
const image = { registry: 'r.io', repository: 'web', digest };

function snapshot(main: string, init: string) {
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    name: 'web',
    uid: 'u',
    controller: true,
  };
  const pod: Snapshot['pods'][number] = {
    metadata: {
      name: 'web-0',
      ownerReferences: [owner],
      labels: { 'controller-revision-hash': 'r' },
    },
    spec: {
      containers: [{ name: 'c', image: main }],
      initContainers: [{ name: 'i', image: init }],
    },
  };
  const set = {
    metadata: { name: 'web', uid: 'u', annotations: { 'meta.helm.sh/release-name': 'web' } },
    status: { replicas: 1, updateRevision: 'r' },
  };
  return { ...emptySnapshot, statefulSets: [set], pods: [pod] };
}

it.each<[string, string, string, string | undefined, number]>([
  ['the digest', `r.io/web@${digest}`, 'busybox', undefined, 0],
  ['a tag and the digest', `r.io/web:1@${digest}`, 'busybox', undefined, 0],
  ['a tag', 'r.io/web:1', 'busybox', 'container c runs r.io/web:1,', 0],
  [
    'another digest in an init container',
    `r.io/web@${digest}`,
    `r.io/web@${other}`,
    'container i runs',
    0,
  ],
  ['another image', 'r.io/my-web:1', 'busybox', undefined, 1],
])('%s', (_name, main, init, said, unused) => {
  const check = checkImages(snapshot(main, init), 'web', [image]);
  expect(check.failure?.what).toEqual(
    said === undefined ? undefined : expect.stringContaining(said),
  );
  expect(check.unused).toHaveLength(unused);
});
