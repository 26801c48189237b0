import { readFileSync } from 'node:fs';
import { httpClient } from '../../../shared/http/request.ts';
import { httpStream } from '../../../shared/http/stream.ts';
import { silent } from '../../../shared/log/Log.ts';
import { copyImage } from '../../../shared/oci/copyImage.ts';
import { parseDigest, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../lab/addresses.ts';
import { authority } from '../../lab/authority.ts';
import { labContext } from '../../lab/lab.ts';
import { acrRefreshToken } from '../../lab/registry/acr/acr.ts';
import { push } from './images.ts';

/** Pushes an image to what all of the lab's doubles of ACR serve; gives its repository and digest. */
export async function pushToAcr(files: Readonly<Record<string, string>>): Promise<string> {
  const lab = labContext(silent);
  const ca = readFileSync((await authority(lab)).cert, 'utf8');
  const identityToken = await acrRefreshToken(lab, { oid: 'object', appid: 'application' });
  const client = (options: { ca?: string }, credential?: { identityToken: string }) =>
    new RegistryClient({
      http: httpClient({ env: {}, log: silent, ...options }),
      stream: httpStream({ env: {}, ...options }),
      credentialFor: async () => credential,
    });
  const image = parseReference(await push(files));
  const from = pin(image, parseDigest(image.digest ?? ''));
  await copyImage({
    ...{ from, to: { ...from, registry: addresses.acr }, tags: ['1'], log: silent },
    ...{ source: client({}), target: client({ ca }, { identityToken }) },
  });
  return `${from.repository}@${from.digest}`;
}
