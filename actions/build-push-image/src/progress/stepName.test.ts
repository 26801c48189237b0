import { expect, it } from '@jest/globals';
import { stepName } from './stepName.ts';

it.each<[string, Partial<ReturnType<typeof stepName>>]>([
  [
    '[build 2/5] RUN npm ci',
    { kind: 'instruction', group: 'build', stage: 'build', position: '2/5', text: 'RUN npm ci' },
  ],
  ['[2/2] RUN npm ci', { kind: 'instruction', group: '', stage: undefined, position: '2/2' }],
  [
    '[linux/arm64 build 2/5] COPY . .',
    { kind: 'instruction', platform: 'linux/arm64', stage: 'build', position: '2/5' },
  ],
  [
    '[linux/arm/v7 2/5] COPY . .',
    { kind: 'instruction', platform: 'linux/arm/v7', stage: undefined },
  ],
  [
    '[linux/amd64->arm64 build 2/2] RUN make',
    { platform: 'linux/amd64->arm64', stage: 'build', group: 'linux/amd64->arm64 build' },
  ],
  [
    '[web linux/arm64 build 2/5] RUN [ -f x ]',
    { target: 'web', group: 'web linux/arm64 build', stage: 'build', text: 'RUN [ -f x ]' },
  ],
  ['[build 1/5] FROM docker.io/library/node:24', { kind: 'base', position: '1/5' }],
  ['[web] FROM docker.io/library/node:24', { kind: 'base', group: 'web', position: undefined }],
  [
    '[internal] load build definition from Dockerfile',
    { kind: 'prepare', group: 'internal', target: undefined },
  ],
  ['[auth] library/node:pull token for registry', { kind: 'prepare' }],
  ['exporting to image', { kind: 'export', group: '' }],
  ['[web] exporting to image', { kind: 'export', group: 'web', target: 'web' }],
  ['exporting cache to registry', { kind: 'cache' }],
  ['importing cache manifest from r.io/x', { kind: 'cache' }],
  ['[web linux/arm64 internal] load metadata for x', { target: 'web', platform: 'linux/arm64' }],
  ['[web] FROM x', { target: 'web', stage: undefined }],
  ['[web build 1/2] FROM x', { target: 'web', stage: 'build' }],
  ['', { kind: 'prepare', text: '' }],
  ['[', { kind: 'prepare', text: '[' }],
  ['RUN <<EOF\n[a 1/2] x\nEOF', { kind: 'prepare', text: 'RUN <<EOF\n[a 1/2] x\nEOF' }],
])('%j', (name, expected) => {
  expect(stepName(name)).toMatchObject(expected);
});
