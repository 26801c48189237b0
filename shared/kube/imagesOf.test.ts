import { expect, it } from '@jest/globals';
import { imagesOf } from './imagesOf.ts';
import { parseManifest } from './preflight/parseManifest.ts';

const container = (image: string) => ({ name: 'c', image });
const pod = (image: string) => ({ containers: [container(image)] });
const object = (kind: string, spec: unknown, apiVersion = 'v1') => ({
  ...{ apiVersion, kind, metadata: { name: 'a' }, spec },
});

it.each<[string, object, [string, string[]][]]>([
  ['a bare Pod', object('Pod', pod('i')), [['i', ['Pod/a → container c']]]],
  [
    'a Deployment with all kinds of containers',
    object('Deployment', {
      template: {
        spec: {
          ...pod('i'),
          initContainers: [container('init')],
          ephemeralContainers: [container('e')],
        },
      },
    }),
    [
      ['i', ['Deployment/a → container c']],
      ['init', ['Deployment/a → init container c']],
      ['e', ['Deployment/a → ephemeral container c']],
    ],
  ],
  [
    'a CronJob',
    object('CronJob', { jobTemplate: { spec: { template: { spec: pod('i') } } } }),
    [['i', ['CronJob/a → container c']]],
  ],
  [
    'a custom resource that makes pods',
    object('Rollout', { strategy: [{ template: { spec: pod('i') } }] }, 'acme.io/v1'),
    [['i', ['Rollout/a → container c']]],
  ],
  [
    'a volume that is an image',
    object('Pod', { volumes: [{ name: 'v', image: { reference: 'i' } }, { name: 'w' }] }),
    [['i', ['Pod/a → volume v']]],
  ],
  [
    'a List',
    { apiVersion: 'v1', kind: 'List', items: [object('Pod', pod('i')), object('Pod', pod('i'))] },
    [['i', ['Pod/a → container c']]],
  ],
  [
    'one image of two containers',
    object('Pod', {
      containers: [
        { name: 'a', image: 'i' },
        { name: 'b', image: 'i' },
      ],
    }),
    [['i', ['Pod/a → container a', 'Pod/a → container b']]],
  ],
  ['a container without an image', object('Pod', { containers: [{ name: 'a' }, null, 'x'] }), []],
  ['a schema that only speaks of containers', object('Crd', { containers: { type: 'array' } }), []],
  ['text that looks like an object', object('ConfigMap', 'containers: [{image: x}]'), []],
])('%s', (_name, given, expected) => {
  const found = imagesOf(parseManifest(JSON.stringify(given)));
  expect(found.map(({ image, usedBy }) => [image, usedBy])).toEqual(expected);
});
