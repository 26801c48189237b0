import { describe, expect, it } from '@jest/globals';
import { hostileRows } from '../../test/lab/fixtures/hostileText.ts';
import { formatReference } from '../oci/Reference.ts';
import { readDockerfile } from '../report/dockerfile/readDockerfile.ts';
import { namedBase, provenBases, writtenBase } from './baseNames.ts';

const digest = `sha256:${'b'.repeat(64)}`;
const label = 'org.opencontainers.image.base';

it.each<[Record<string, string>, string[]]>([
  [{ [`${label}.name`]: 'debian:12' }, ['docker.io/library/debian:12']],
  [
    { [`${label}.name`]: 'acme.io/base:1', [`${label}.digest`]: digest },
    [`acme.io/base:1@${digest}`],
  ],
  [{ [`${label}.digest`]: digest }, []],
  [{ [`${label}.name`]: 'A B' }, []],
  [{}, []],
])('labels %j name %j', (labels, names) => {
  expect(namedBase(labels).map(formatReference)).toEqual(names);
});

describe('provenance', () => {
  const uri = `pkg:docker/127.0.0.1:5000/base@1?digest=${digest}&platform=linux%2Famd64`;
  it.each<[string, unknown, string[]]>([
    ['of v0.2', { predicate: { materials: [{ uri }] } }, [`127.0.0.1:5000/base:1@${digest}`]],
    [
      'of v1',
      {
        predicate: { buildDefinition: { resolvedDependencies: [{ uri: 'pkg:docker/debian@12' }] } },
      },
      ['docker.io/library/debian:12'],
    ],
    [
      'with the digest beside the name',
      {
        predicate: {
          materials: [{ uri: 'pkg:docker/debian@12', digest: { sha256: digest.slice(7) } }],
        },
      },
      [`docker.io/library/debian:12@${digest}`],
    ],
    ['of other things', { predicate: { materials: [{ uri: 'https://a/b.git' }, null, {}] } }, []],
    ['of none', undefined, []],
    ['that is no list', { predicate: { materials: 'x' } }, []],
  ])('%s', (_, statement, names) => {
    expect(provenBases(statement).map(formatReference)).toEqual(names);
  });
});

it.each([
  ['FROM debian:12', ['docker.io/library/debian:12']],
  ['FROM --platform=$BUILDPLATFORM node:24 AS build\nFROM acme.io/base:1', ['acme.io/base:1']],
  ['FROM node:24 AS build\nFROM build AS last', ['docker.io/library/node:24']],
  ['FROM node:24 AS node\nFROM node', ['docker.io/library/node:24']],
  ['FROM scratch', []],
  ['ARG BASE\nFROM $BASE', []],
  ['', []],
])('%j stands on %j', (text, names) => {
  const { instructions } = readDockerfile('Dockerfile', text);
  expect(writtenBase(instructions).map(formatReference)).toEqual(names);
});

it.each(hostileRows('command', 'markdown', 'terminal', 'unicode', 'shell', 'data'))(
  '%s names no base, or one that is a reference',
  (_, text) => {
    const named = [
      ...namedBase({ [`${label}.name`]: text }),
      ...provenBases({ predicate: { materials: [{ uri: `pkg:docker/${text}` }] } }),
    ];
    for (const one of named) expect(formatReference(one)).toMatch(/^[\w.:/@-]+$/);
  },
);
