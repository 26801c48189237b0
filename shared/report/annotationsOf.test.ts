import { expect, it } from '@jest/globals';
import type { Finding } from '../verdict/Finding.ts';
import { annotationsOf } from './annotationsOf.ts';
import { readDockerfile } from './dockerfile/readDockerfile.ts';

const finding = (more: Partial<Finding> = {}): Finding => ({
  kind: 'vulnerability',
  id: 'CVE-1',
  severity: 'CRITICAL',
  title: 'prototype pollution',
  subject: { name: 'minimist', version: '1.2.0', purl: undefined, path: undefined },
  fix: '1.2.6, 0.2.4',
  url: undefined,
  ...more,
});
const dockerfile = readDockerfile('app/Dockerfile', 'FROM a\nRUN npm ci\n');
const layer = { diffId: 'sha256:1', createdBy: 'RUN /bin/sh -c npm ci # buildkit' };
const said = 'CRITICAL CVE-1: minimist 1.2.0: prototype pollution';

it.each<[string, Finding, string, string | undefined]>([
  ['a package', finding(), `${said}; fixed in 1.2.6 or 0.2.4`, undefined],
  ['without a fix', finding({ fix: undefined }), `${said}; no fix yet`, undefined],
  [
    'that nobody will fix',
    finding({ fix: undefined, status: 'will_not_fix' }),
    `${said}; no fix yet (will_not_fix)`,
    undefined,
  ],
  ['of a layer', finding({ layer }), `${said}; fixed in 1.2.6 or 0.2.4`, 'app/Dockerfile:2'],
  [
    'lines of its own',
    finding({
      kind: 'misconfiguration',
      fix: undefined,
      advice: 'Encrypt it.',
      layer,
      lines: { file: 'main.tf', start: 3, end: 5 },
    }),
    `${said}; Encrypt it.`,
    'infra/main.tf:3',
  ],
  ['a secret', finding({ kind: 'secret', fix: undefined, advice: 'AKIAxyz' }), said, undefined],
  [
    'hostile text',
    finding({ id: 'a\n::error::b', title: '\u001b[31m\u202ex', fix: undefined }),
    'CRITICAL a ::error::b: minimist 1.2.0: <U+202E>x; no fix yet',
    undefined,
  ],
])('%s', (_, counted, text, place) => {
  const [annotation] = annotationsOf({ counted: [counted] }, 10, { dockerfile, folder: 'infra' });
  expect(annotation?.text).toBe(text);
  expect(annotation?.place && `${annotation.place.file}:${annotation.place.line}`).toBe(place);
});

it('a file of an image is no file of the repository: the Dockerfile’s line is told', () => {
  const counted = [finding({ layer, lines: { file: '/app/.env', start: 3, end: 3 } })];
  const place = { file: 'app/Dockerfile', line: 2 };
  expect(annotationsOf({ counted }, 10, { dockerfile })).toMatchObject([{ place }]);
});

it('takes the worst, which come first', () => {
  const counted = Array.from({ length: 30 }, (_, at) => finding({ id: `CVE-${at}` }));
  expect(annotationsOf({ counted }).map(({ text }) => text.split(':')[0])).toEqual(
    Array.from({ length: 10 }, (_, at) => `CRITICAL CVE-${at}`),
  );
  expect(annotationsOf({ counted }, 3)).toHaveLength(3);
});
