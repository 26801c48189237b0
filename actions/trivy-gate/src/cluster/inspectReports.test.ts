import { describe, expect, it } from '@jest/globals';
import { silent } from '../../../../shared/log/Log.ts';
import { inspectReports } from './inspectReports.ts';

const registry = { manifest: () => Promise.reject(new Error('is not asked')) };

/** A kubeconfig of a server on which nobody listens. */
const nobody = JSON.stringify({
  'current-context': 'c',
  clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'u', user: { token: 'hidden' } }],
  contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
});

async function inspect(text: string | undefined, signal = new AbortController().signal) {
  const masked: string[] = [];
  const seen = await inspectReports(
    {
      kubeconfig: text === undefined ? undefined : { text },
      namespaces: ['apps'],
      kinds: new Set(['vulnerability' as const]),
      maxAgeMs: undefined,
    },
    registry,
    {
      env: { HOME: '/nowhere' },
      log: silent,
      mask: (secret) => masked.push(secret),
      signal,
    },
  );
  return { ...seen, masked };
}

describe('a cluster that cannot be asked', () => {
  it.each([
    [nobody, 'the API server https://127.0.0.1:1 does not answer'],
    ['{}', 'Input kubeconfig: it cannot be used'],
    [undefined, 'There is no kubeconfig'],
  ])('is a gap: %#', async (text, said) => {
    const { gaps, findings, subject, masked } = await inspect(text);
    expect(gaps.map(({ what }) => what)).toEqual([expect.stringContaining(said)]);
    expect([findings, subject]).toEqual([[], 'namespaces apps']);
    expect(masked).toEqual(text === nobody ? ['hidden'] : []);
  });

  it('is none when the step is cancelled', async () => {
    await expect(inspect(nobody, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow(
      'cancelled',
    );
  });
});
