import { expect, it } from '@jest/globals';
import { changesBetween } from './changesBetween.ts';

const deployment = (replicas: number) =>
  `# Source: web/templates/all.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: ${replicas}}\n`;
const secret = (value: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ndata: {password: ${value}}\n`;
const config = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  text: |-\n    ${data}\n    ---\n`;
const manifest = (...documents: string[]) => documents.map((text) => `---\n${text}`).join('');

it.each<[string, string, string, readonly unknown[]]>([
  ['nothing', manifest(deployment(1)), manifest(deployment(1)), []],
  [
    'a field',
    manifest(deployment(1), secret('YQ==')),
    manifest(secret('YQ=='), deployment(2)),
    [
      {
        ...{ object: 'Deployment/web', change: 'changed' },
        fields: [{ path: 'spec.replicas', before: '1', after: '2' }],
      },
    ],
  ],
  [
    'a secret, without its value',
    manifest(secret('YQ==')),
    manifest(secret('Yg==')),
    [{ object: 'Secret/web', change: 'changed', fields: [{ path: 'data.password' }] }],
  ],
  [
    'what came and what went',
    manifest(deployment(1)),
    manifest(secret('YQ==')),
    [
      { object: 'Deployment/web', change: 'removed', fields: [] },
      { object: 'Secret/web', change: 'added', fields: [] },
    ],
  ],
  ['a comment', manifest(deployment(1)), manifest(`# new\n${deployment(1)}`), []],
  [
    'a text with dashes in it',
    manifest(config('a')),
    manifest(config('b')),
    [{ object: 'ConfigMap/web', change: 'changed', fields: [{ path: 'data.text' }] }],
  ],
  [
    'the first revision',
    '',
    manifest(deployment(1)),
    [{ object: 'Deployment/web', change: 'added', fields: [] }],
  ],
])('%s', (_name, before, after, expected) => {
  expect(changesBetween(before, after)).toEqual(expected);
});
