import { describe, expect, it } from '@jest/globals';
import { Failure } from '../failure/Failure.ts';
import type { Http } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { RegistryClient } from '../oci/RegistryClient.ts';
import { judgeImages } from './judgeImages.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const wanted = { trust: { keys: [] }, now: new Date() };

/** A registry to which nothing is attached. */
const empty: Http = async () => ({
  ...{ status: 200, headers: {} },
  body: Buffer.from('{"manifests":[]}'),
});

async function judge(images: readonly string[], http = empty, signal?: AbortSignal) {
  const client = new RegistryClient({ http, credentialFor: async () => undefined });
  const used = images.map((image) => ({ image, usedBy: [] }));
  const patience = { until: Date.now(), log: silent, signal };
  return (await judgeImages(client, used, wanted, patience)).map(({ why }) => why);
}

describe('judgeImages', () => {
  it.each([
    ['r.io/a', 'it has no digest, and a tag may move'],
    ['r.io/a:1', 'it has no digest, and a tag may move'],
    [`r.io/a@sha512:${'a'.repeat(128)}`, 'its digest is not of SHA-256'],
    [`r.io/a:1@${digest}`, 'it has no signed verdict'],
    ['{{ image }}', expect.stringMatching(/^it is not an image: /)],
    [`a@b@${digest}`, expect.stringMatching(/^it is not an image: /)],
  ])('%s: %s', async (image, why) => {
    expect(await judge([image])).toEqual([why]);
  });

  it('tells all that is lacking, in order', async () => {
    expect(await judge(['r.io/a:1', `r.io/b@${digest}`])).toHaveLength(2);
  });

  it('takes a registry that does not tell for a lack', async () => {
    const away: Http = async () => {
      throw new Failure({ what: 'r.io did not answer.' });
    };
    expect(await judge([`r.io/a@${digest}`], away)).toEqual([
      'its evidence cannot be had: r.io did not answer.',
    ]);
  });

  it('ends when the step is cancelled', async () => {
    const cancelled: Http = async () => {
      throw new Failure({ what: 'It was aborted.' });
    };
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(judge([`r.io/a@${digest}`], cancelled, signal)).rejects.toThrow('cancelled');
  });
});
