import { expect, it } from '@jest/globals';
import { lostConnection } from './lostConnection.ts';

const server = 'https://10.0.0.1:6443';
const patch = `Error: server-side apply failed for object n/web apps/v1, Kind=Deployment: Patch "${server}/apis/apps/v1": `;

it.each<[string, string, boolean]>([
  ['a reset', `${patch}read tcp 10.0.0.2:1->10.0.0.1:6443: read: connection reset by peer`, true],
  [
    'a refusal',
    `W1 watch failed\n${patch}dial tcp 10.0.0.1:6443: connect: connection refused`,
    true,
  ],
  ['an end in the middle', `${patch}EOF`, true],
  ['one before the error', `W1 Get "${server}/x": EOF\nError: context canceled`, false],
  ['another server', 'Error: Get "https://charts.example/index.yaml": EOF', false],
  [
    'a webhook of the server',
    `${patch}failed calling webhook "a": Post "https://b": dial tcp: connection refused`,
    false,
  ],
  ['a time-out', `${patch}EOF\ncontext deadline exceeded`, false],
  ['no words', '', false],
])('%s', (_name, stderr, lost) => {
  expect(lostConnection({ exitCode: 1, endedBy: 'itself', stderr }, server)).toBe(lost);
});

it('is nothing that ended well, or that we ended', () => {
  const stderr = `${patch}EOF`;
  expect(lostConnection({ exitCode: 0, endedBy: 'itself', stderr }, server)).toBe(false);
  expect(lostConnection({ exitCode: 1, endedBy: 'cancellation', stderr }, server)).toBe(false);
});
