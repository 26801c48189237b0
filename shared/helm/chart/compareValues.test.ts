import { expect, it } from '@jest/globals';
import type { Chart } from './Chart.ts';
import { compareValues } from './compareValues.ts';

const chart = (values: string, more: Partial<Chart> = {}): Chart => ({
  ...{ name: 'dremio', version: '1.0.0', values, mentions: '', crds: [], subcharts: new Map() },
  ...more,
});
const redis = chart('image: {repository: r}\nauth:\n  enabled: true\n', { name: 'redis' });
const dremio = chart(
  '# defaults\nimage: dremio/dremio-oss\nreplicas: 3\nresources: {}\nextra: ""\nargs: []\nservice:\n  type: LB\n  ports: {http: 80}\n',
  { mentions: '{{ .Values.hidden.deep }}', subcharts: new Map([['redis', redis]]) },
);

it.each<[string, unknown, object[]]>([
  ['what fits', { image: 'x', replicas: 1, service: { type: 'A', ports: { http: 1 } } }, []],
  [
    'a mapping where the chart has text',
    { image: { repository: 'r', tag: '1' } },
    [
      {
        kind: 'shape',
        path: ['image'],
        given: 'a mapping',
        wanted: 'text',
        line: 2,
        chart: 'dremio',
      },
    ],
  ],
  [
    'text where the chart has a mapping',
    { service: { ports: 'x' } },
    [{ kind: 'shape', path: ['service', 'ports'], given: 'text', wanted: 'a mapping', line: 9 }],
  ],
  ['a mapping for a number', { replicas: {} }, [{ wanted: 'a number' }]],
  ['a list for a mapping', { service: [] }, [{ given: 'a list' }]],
  ['null, which removes', { service: null, image: null }, []],
  ['anything where the chart has nothing', { resources: [1], extra: { a: 1 }, args: 'x' }, []],
  ['anything below it', { resources: { limits: { cpu: 1 } } }, []],
  ['a key that only a template knows', { hidden: { deep: 1 } }, []],
  ['what Helm itself knows', { global: { a: 1 }, tags: { b: true } }, []],
  ['a slip', { imge: 'x' }, [{ kind: 'unknown', path: ['imge'], meant: 'image' }]],
  ['a slip below', { service: { typ: 'x' } }, [{ path: ['service', 'typ'], meant: 'type' }]],
  ['a key of nobody', { whatever: 1 }, [{ kind: 'unknown', meant: undefined }]],
  ['a subchart', { redis: { auth: { enabled: false } } }, []],
  [
    'a subchart in another form',
    { redis: { image: 'x' } },
    [{ wanted: 'a mapping', chart: 'dremio/charts/redis', line: 1 }],
  ],
  ['a slip in a subchart', { redis: { auth: { enable: 1 } } }, [{ meant: 'enabled' }]],
])('%s', (_name, values, expected) => {
  expect(compareValues(values, dremio)).toMatchObject(expected);
  expect(compareValues(values, dremio)).toHaveLength(expected.length);
});
