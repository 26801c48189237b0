import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { Failure } from '../failure/Failure.ts';
import type { Http } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { armToken } from './armToken.ts';
import { clouds } from './clouds.ts';

const identity = { kind: 'secret', tenant: 'acme', clientId: 'web', secret: 's' } as const;
const minute = 60_000;

function entra(statuses: number[] = []) {
  const asked: string[] = [];
  const http: Http = async ({ body }) => {
    asked.push(new URLSearchParams(String(body)).get('scope') ?? '');
    const status = statuses.shift() ?? 200;
    const answer = status === 200 ? { access_token: `token ${asked.length}` } : {};
    return { status, headers: {}, body: Buffer.from(JSON.stringify(answer)) };
  };
  return { asked, effects: { http, log: silent, mask() {} } };
}

describe('armToken', () => {
  it('is asked for once, and again before it ends', async () => {
    const { asked, effects } = entra();
    let now = 0;
    const token = armToken(identity, clouds.public, effects, () => now);
    expect(await Promise.all([token(), token()])).toEqual(['token 1', 'token 1']);
    now = 19 * minute;
    expect(await token()).toBe('token 1');
    now = 21 * minute;
    expect(await token()).toBe('token 2');
    expect(asked).toEqual(Array(2).fill('https://management.azure.com/.default'));
  });

  it('is asked for anew after a refusal', async () => {
    const { effects } = entra([400]);
    const token = armToken(identity, clouds.china, effects);
    await expect(token()).rejects.toThrow(Failure);
    expect(await token()).toBe('token 2');
  });

  it.each(['public', 'china', 'usgovernment'] as const)('is for ARM of %s', async (name) => {
    const { asked, effects } = entra();
    await armToken(identity, clouds[name], effects)();
    expect(asked).toEqual([`${clouds[name].arm}/.default`]);
  });
});
