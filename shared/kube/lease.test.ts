import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { V1Lease } from '@kubernetes/client-node';
import { KubeProblem } from './KubeApi.ts';
import { keepLease } from './keepLease.ts';
import { type LeaseApi, takeLease } from './lease.ts';

/** One lease, with the API server's rule about resource versions. */
class Server implements LeaseApi {
  lease: V1Lease | undefined;
  down = false;
  #version = 0;

  constructor(spec?: object) {
    if (spec !== undefined) this.put(spec);
  }
  put(spec: object): void {
    this.#version += 1;
    this.lease = { metadata: { resourceVersion: String(this.#version) }, spec };
  }
  async get<T>(): Promise<T> {
    if (this.down) throw new Error('the server is away');
    if (this.lease === undefined) throw new KubeProblem(404, 'not found');
    return structuredClone(this.lease) as T;
  }
  async create(_path: string, object: unknown): Promise<void> {
    if (this.lease !== undefined) throw new KubeProblem(409, 'exists');
    this.put((object as V1Lease).spec ?? {});
  }
  async replace(_path: string, object: unknown): Promise<void> {
    const { metadata, spec } = object as V1Lease;
    if (metadata?.resourceVersion !== this.lease?.metadata?.resourceVersion)
      throw new KubeProblem(409, 'conflict');
    this.put(spec ?? {});
  }
  async remove(): Promise<void> {
    this.lease = undefined;
  }
}

/** Of a tenth of a second, renewed so many milliseconds ago by its holder's clock. */
function heldBy(holderIdentity: string, agoMs: number) {
  const renewTime = new Date(Date.now() - agoMs).toISOString();
  return { holderIdentity, leaseDurationSeconds: 0.1, renewTime };
}

async function take(server: Server, signal?: AbortSignal) {
  const waits: string[] = [];
  const onWait = (by: string, waitMs: number) => waits.push(`${by} ${waitMs}`);
  const taken = await takeLease(server, 'n', 'l', 'me', { onWait, signal });
  if (taken.held === true) await taken.lease.release();
  return { taken, waits };
}

describe('takeLease', () => {
  it('does not wait for a holder that is known to be over', async () => {
    const server = new Server(heldBy('b', 0));
    const waits: string[] = [];
    const taken = await takeLease(server, 'n', 'l', 'me', {
      onWait: (by) => waits.push(by),
      isOver: async (holder) => holder === 'b',
    });
    expect(taken).toMatchObject({ held: true, lease: { leftBy: 'b' } });
    expect(waits).toEqual([]);
    if (taken.held === true) await taken.lease.release();
  });

  it.each<[string, object | undefined, string | undefined, string[]]>([
    ['nobody holds', undefined, undefined, []],
    ['somebody gave back', { holderIdentity: '' }, undefined, []],
    ['we hold', heldBy('me', 0), undefined, []],
    ['has not been renewed for far too long', heldBy('b', 60_000), 'b', []],
    ['is not renewed while we look', heldBy('b', 0), 'b', ['b 100']],
    ['is not renewed while we look, by a fast clock', heldBy('b', -60_000), 'b', ['b 100']],
  ])('takes a lease that %s', async (_name, spec, leftBy, waited) => {
    const { taken, waits } = await take(new Server(spec));
    expect(taken).toMatchObject({ held: true });
    expect(taken.held === true && taken.lease.leftBy).toBe(leftBy);
    expect(waits).toEqual(waited);
  });

  it.each([
    ['a slow clock', 900],
    ['a good clock', 0],
    ['a fast clock', -60_000],
  ])('leaves a holder alone that renews by %s', async (_name, agoMs) => {
    let reads = 0;
    class Renewed extends Server {
      override async get<T>(): Promise<T> {
        this.put(heldBy('b', agoMs - ++reads));
        return super.get<T>();
      }
    }
    const { taken } = await take(new Renewed(heldBy('b', agoMs)));
    expect(taken).toMatchObject({ held: false, by: 'b' });
  });

  it('takes a lease that is given back while we look', async () => {
    const server = new Server(heldBy('b', 0));
    setTimeout(() => void server.remove(), 50);
    const { taken } = await take(server);
    expect(taken.held === true && taken.lease.leftBy).toBeUndefined();
    expect(taken.held).toBe(true);
  });

  it('ends the wait with the job', async () => {
    const job = new AbortController();
    setTimeout(() => job.abort(new Error('cancelled')), 50);
    await expect(take(new Server(heldBy('b', 0)), job.signal)).rejects.toThrow('cancelled');
  });
});

describe('keepLease', () => {
  it('renews, and gives back', async () => {
    const server = new Server(heldBy('me', 0));
    const kept = keepLease(server, '/l', 'me', 90);
    const before = server.lease?.spec?.renewTime;
    await sleep(100);
    expect(server.lease?.spec?.renewTime).not.toEqual(before);
    expect(await kept.lost()).toBeUndefined();
    await kept.release();
    expect(server.lease).toBeUndefined();
  });

  it('bears a server that is away for less than the duration', async () => {
    const server = new Server(heldBy('me', 0));
    const kept = keepLease(server, '/l', 'me', 600);
    server.down = true;
    expect(await kept.lost()).toBeUndefined();
    await sleep(700);
    expect(await kept.lost()).toMatch(/^it could not be renewed for \d+ s \(the server is away\)$/);
    server.down = false;
    expect(await kept.lost()).toBeUndefined();
    expect(kept.taken.aborted).toBe(false);
    await kept.release();
  });

  it.each([
    ['another takes it', (server: Server) => server.put(heldBy('b', 0)), 'b holds it now'],
    ['it is removed', (server: Server) => void server.remove(), 'somebody removed its lease'],
  ])('is lost when %s, and then leaves it alone', async (_name, lose, why) => {
    const server = new Server(heldBy('me', 0));
    const kept = keepLease(server, '/l', 'me', 90);
    lose(server);
    expect(await kept.lost()).toBe(why);
    expect(kept.taken.aborted).toBe(true);
    const after = server.lease;
    await kept.release();
    expect(server.lease).toBe(after);
  });
});
