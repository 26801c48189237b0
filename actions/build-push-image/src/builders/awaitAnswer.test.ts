import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cancelled } from '../../../../shared/process/Cancelled.ts';
import { awaitAnswer, placeOf } from './awaitAnswer.ts';

let folder: string;
let server: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'answer-'));
  server = createServer((connection) => connection.destroy());
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const quiet = { env: {}, signal: new AbortController().signal };

describe('placeOf', () => {
  it.each([
    ['unix:///run/b.sock', { path: '/run/b.sock' }],
    ['tcp://b.acme:1234', { host: 'b.acme', port: 1234 }],
    ['tcp://[::1]:1234', { host: '::1', port: 1234 }],
    ['tcp://b.acme', undefined],
    ['docker-container://b', undefined],
    ['kube-pod://b', undefined],
    ['ssh://b', undefined],
  ])('%s', (address, place) => expect(placeOf(address)).toEqual(place));
});

describe('awaitAnswer', () => {
  it('is over with the first answer, at a socket and at a port', async () => {
    const socket = join(folder, 'b.sock');
    server.listen(socket);
    await awaitAnswer(`unix://${socket}`, quiet, 0);
    const other = createServer((connection) => connection.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    await awaitAnswer(`tcp://127.0.0.1:${(other.address() as AddressInfo).port}`, quiet, 0);
    other.close();
  });

  it('waits for one that has just been started', async () => {
    const socket = join(folder, 'b.sock');
    setTimeout(() => server.listen(socket), 30);
    await awaitAnswer(`unix://${socket}`, quiet);
  });

  it.each([
    ['', /^The builder unix:\/\/\S+ does not answer\. There is no such socket\. /],
    ['BUILDKIT_HOST', /^The builder unix:\/\/\S+ \(BUILDKIT_HOST\) does not answer\. /],
  ])('tells who does not answer %s', async (from, said) => {
    const address = `unix://${folder}/none.sock`;
    const env = from === '' ? {} : { [from]: address };
    await expect(awaitAnswer(address, { ...quiet, env }, 0)).rejects.toThrow(said);
  });

  it('ends with the job', async () => {
    const stop = new AbortController();
    const waiting = awaitAnswer(`unix://${folder}/none.sock`, { ...quiet, signal: stop.signal });
    stop.abort(new Cancelled('SIGINT'));
    await expect(waiting).rejects.toBeInstanceOf(Cancelled);
  });

  it('leaves to buildx what it cannot try', async () => {
    await awaitAnswer('docker-container://none', quiet, 0);
  });
});
