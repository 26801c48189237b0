import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { addresses } from '../../test/lab/addresses.ts';
import { startTestArm, testRegistry, testToken } from '../../test/lab/doubles/arm/startTestArm.ts';
import type { ArmOptions } from '../../test/lab/doubles/arm.ts';
import { labIdentity } from '../../test/lab/doubles/labDoubles.ts';
import { serverError } from '../../test/lab/faults/answers.ts';
import { startFaultProxy } from '../../test/lab/faults/faultProxy.ts';
import type { Rule } from '../../test/lab/faults/Rule.ts';
import { labContext } from '../../test/lab/lab.ts';
import { acrRefreshToken } from '../../test/lab/registry/acr/acr.ts';
import { pushImage } from '../../test/lab/registry/pushImage.ts';
import { httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { type PinnedReference, parseReference } from '../oci/Reference.ts';
import { type ImportOptions, importImage } from './importImage.ts';

const lab = labContext(silent);
const somewhere = () => `import/${randomBytes(4).toString('hex')}`;
const open = { subscription: labIdentity.subscription, resourceGroup: 'lab', name: 'open' };

interface Scenario {
  readonly rules?: readonly Rule[];
  readonly arm?: Partial<ArmOptions>;
  readonly options?: Partial<ImportOptions>;
}

/** An image of the open registry, copied to another repository of it by a double of ARM. */
async function scenario({ rules = [], arm: armOptions, options = {} }: Scenario) {
  const image = parseReference(await pushImage({ repository: somewhere(), files: { a: '1' } }));
  const repository = somewhere();
  await using arm = await startTestArm(lab, armOptions);
  await using proxy = await startFaultProxy({ target: arm.url, rules });
  const outcome = await importImage({
    registry: { arm: proxy.url, ...testRegistry },
    image: image as PinnedReference,
    source: { credential: undefined },
    repository,
    token: async () => testToken,
    http: httpClient({ env: {}, log: silent }),
    signal: new AbortController().signal,
    pace: { firstMs: 20, mostMs: 50 },
    ...options,
  }).then(
    () => undefined,
    (failure: Error) => failure,
  );
  const base = `http://${addresses.registry}/v2/${repository}`;
  const answer = await fetch(`${base}/manifests/${image.digest}`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  const { tags } = (await (await fetch(`${base}/tags/list`)).json()) as { tags?: string[] };
  return { outcome, status: answer.status, tags: tags ?? [], requests: arm.requests };
}

describe('a copy by ACR', () => {
  it.each<[string, Scenario]>([
    ['by the host of the source', {}],
    ['by the resource of the source', { options: { source: { arm: '', ...open } } }],
    [
      'after a bad moment of ARM',
      { rules: [{ path: /importImage/, which: { first: 1 }, fault: serverError(503) }] },
    ],
    [
      'after an answer that was lost',
      {
        rules: [
          { path: /importImage/, which: { first: 1 }, fault: { kind: 'loseAnswer', as: 'reset' } },
        ],
      },
    ],
    [
      'that is not told of for a while',
      {
        rules: [
          { path: /operationStatuses/, which: { first: 2 }, fault: { kind: 'resetRequest' } },
        ],
      },
    ],
  ])('%s is there by its digest, without a tag', async (_, given) => {
    const { outcome, status, tags } = await scenario(given);
    expect(outcome).toBeUndefined();
    expect(status).toBe(200);
    expect(tags).toEqual([]);
  });

  it.each<[string, Scenario, RegExp]>([
    [
      'no right',
      { arm: { actions: ['Microsoft.ContainerRegistry/registries/scheduleRun/action'] } },
      /may not have the registry open copy images\. .*importImage\/action.*Data Importer/s,
    ],
    [
      'no right to the source',
      {
        arm: { actions: ['Microsoft.ContainerRegistry/registries/importImage/action'] },
        options: { source: { arm: '', ...open } },
      },
      /lacks the action Microsoft\.ContainerRegistry\/registries\/read/,
    ],
    [
      'a copy that fails on its way',
      { arm: { copy: () => Promise.reject(new Error('manifest unknown')) } },
      /answered 400 when asked to copy an image.*InvalidParameters: manifest unknown/s,
    ],
    [
      'a source that wants a login',
      {
        options: { image: parseReference(`${addresses.acr}/nope@sha256:${'0'.repeat(64)}`) },
      } as Scenario,
      /answered 400/,
    ],
    [
      'a place to ask that is not ARM',
      {
        rules: [
          {
            path: /importImage/,
            fault: { kind: 'change', answer: { headers: { location: 'https://evil.test/x' } } },
          },
        ],
      },
      /does not tell where it can be asked/,
    ],
    [
      'a copy that does not end',
      { arm: { copy: () => new Promise(() => {}) }, options: { deadlineMs: 100 } },
      /had not copied the image after/,
    ],
  ])('%s: told', async (_, given, said) => {
    const { outcome, tags } = await scenario(given);
    expect(outcome?.message).toMatch(said);
    expect(tags).toEqual([]);
  });

  it('ends with its job', async () => {
    const { outcome } = await scenario({
      arm: { copy: () => new Promise(() => {}) },
      options: { signal: AbortSignal.timeout(200) },
    });
    expect(outcome?.name).toBe('TimeoutError');
  });

  it('reads the source by the login of this step', async () => {
    const given: unknown[] = [];
    const identityToken = await acrRefreshToken(lab, { oid: 'o', appid: 'a' });
    await scenario({
      arm: { copy: async ({ request }) => void given.push(request.source.credentials) },
      options: { source: { credential: { identityToken } } },
    });
    expect(given).toEqual([
      { username: '00000000-0000-0000-0000-000000000000', password: identityToken },
    ]);
  });
});
