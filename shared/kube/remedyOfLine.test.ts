import { expect, it } from '@jest/globals';
import { remedyOfLine } from './remedyOfLine.ts';

it.each([
  ['exec /app: exec format error', /architecture/],
  ["sh: can't create /state: Read-only file system", /emptyDir/],
  ["Error: EACCES: permission denied, open '/data/x'", /fsGroup/],
  ['httpd: unrecognized option: no-such-flag', /arguments/],
  ['Error: listen EADDRINUSE: address already in use :::8080', /ports/],
  ["--port: invalid int value: 'tcp://10.96.8.18:5000'", /enableServiceLinks/],
  ["IsADirectoryError: [Errno 21] Is a directory: '/etc/a.yaml'", /subPath/],
  ['ERROR Failed to obtain lock on /data/lock: it is held by another process', /Recreate/],
  ['FATAL:  password authentication failed for user "etl"', /Secret/],
  ['write: no space left on device', /volume/],
])('the remedy of: %s', (line, remedy) => {
  expect(remedyOfLine(line)).toMatch(remedy);
});

it('is the program’s own matter otherwise', () => {
  expect(remedyOfLine('fatal: no database url')).toBeUndefined();
});
