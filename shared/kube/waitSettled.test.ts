import { describe, expect, it } from '@jest/globals';
import type { KubeApi } from './KubeApi.ts';
import { waitSettled } from './waitSettled.ts';

const metadata = {
  ...{ name: 'web', uid: 'u', generation: 1 },
  annotations: { 'meta.helm.sh/release-name': 'web' },
};
const spec = { type: 'LoadBalancer' };
const service = (...ingress: object[]) => ({
  metadata,
  spec,
  status: { loadBalancer: { ingress } },
});
const ready = service({ ip: '192.0.2.1' });

/** An API server that has one service, and tells of what becomes of it. */
function server(first: object, changes: readonly (readonly [afterMs: number, object])[] = []) {
  let watches = 0;
  const api = {
    get: async (path: string) => ({ items: path.endsWith('/services') ? [first] : [] }),
    watch: (
      path: string,
      _version: string | undefined,
      onEvent: (type: string, object: unknown) => void,
      signal: AbortSignal,
    ) => {
      watches += 1;
      if (path.endsWith('/services')) {
        for (const [afterMs, object] of changes) {
          setTimeout(() => onEvent('MODIFIED', object), afterMs);
        }
      }
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  } as unknown as KubeApi;
  return { api, watches: () => watches };
}

const settling = (settleMs: number, timeoutMs: number, before = new Map()) => ({
  ...{ namespace: 'shop', release: 'web', before, settleMs, timeoutMs },
  signal: new AbortController().signal,
});

describe('waitSettled', () => {
  it('asks once, and watches nothing, when all is ready and need not stay so', async () => {
    const { api, watches } = server(ready);
    expect(await waitSettled(api, settling(0, 0))).toMatchObject({ settled: true, waiting: [] });
    expect(watches()).toBe(0);
  });

  it('waits until what is ready has stayed so, though its time is over by then', async () => {
    const started = performance.now();
    expect(await waitSettled(server(ready).api, settling(150, 0))).toMatchObject({ settled: true });
    expect(performance.now() - started).toBeGreaterThan(140);
  });

  it('waits for what Helm does not wait for', async () => {
    const { api } = server(service(), [[50, ready]]);
    expect(await waitSettled(api, settling(0, 5000))).toMatchObject({ settled: true });
  });

  it.each<[string, object, [number, object][]]>([
    ['does not become ready', service(), []],
    ['was ready for a moment', ready, [[20, service()]]],
  ])('tells what %s', async (_name, first, changes) => {
    const settled = await waitSettled(server(first, changes).api, settling(400, 200));
    expect(settled.settled).toBe(false);
    expect(settled.waiting.map(({ kind, name }) => `${kind}/${name}`)).toEqual(['Service/web']);
  });

  it('does not wait for what was no more ready before, and was not changed', async () => {
    const before = new Map([['u', { generation: 1, done: false }]]);
    const { api } = server(service());
    expect(await waitSettled(api, settling(0, 0, before))).toMatchObject({ settled: true });
  });
});
