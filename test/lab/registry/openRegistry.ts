import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Http, httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { type PinnedReference, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { addresses } from '../addresses.ts';
import { authority } from '../authority.ts';
import { freshRepository } from '../buildkit/testStep.ts';
import type { LabContext } from '../Part.ts';
import { acrRefreshToken } from './acr/acr.ts';
import { tokenUser } from './acr/tokenEndpoints.ts';

/** The lab's kinds of registries, as far as what is attached to a digest goes. */
export const registryKinds = ['distribution', 'with the referrers API', 'like ACR'] as const;

/** A registry of the lab, and how programs and we log in to it. */
export interface OpenRegistry {
  readonly host: string;
  readonly client: RegistryClient;
  /** What a program needs to know of it. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * @param folder where the login for programs is kept
 * @param asked told of each request of the client
 */
export async function openRegistry(
  lab: LabContext,
  kind: (typeof registryKinds)[number],
  folder: string,
  asked: (request: string) => void = () => {},
): Promise<OpenRegistry> {
  if (kind !== 'like ACR') {
    const host = kind === 'distribution' ? addresses.registry : addresses.referrersRegistry;
    const http = told(httpClient({ env: {}, log: silent }), asked);
    return {
      host,
      client: new RegistryClient({ http, credentialFor: async () => undefined }),
      env: { DOCKER_CONFIG: folder },
    };
  }
  const { acr: host } = addresses;
  const identityToken = await acrRefreshToken(lab, { oid: 'object', appid: 'application' });
  const auth = btoa(`${tokenUser}:${identityToken}`);
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  const { cert } = await authority(lab);
  const ca = await readFile(cert, 'utf8');
  const http = told(httpClient({ env: {}, log: silent, ca }), asked);
  return {
    host,
    client: new RegistryClient({ http, credentialFor: async () => ({ identityToken }) }),
    env: { DOCKER_CONFIG: folder, SSL_CERT_FILE: cert },
  };
}

function told(http: Http, asked: (request: string) => void): Http {
  return (request) => {
    asked(`${request.method ?? 'GET'} ${request.url}`);
    return http(request);
  };
}

/** Pushes the smallest image that there is, to a repository of its own. */
export async function pushSmallest(client: RegistryClient, host: string): Promise<PinnedReference> {
  const name = freshRepository('evidence');
  const reference = parseReference(`${host}/${name}`);
  const config = await client.putBlob(
    reference,
    Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', name })),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    ...{ schemaVersion: 2, mediaType, layers: [] },
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
  };
  const { digest } = await client.putManifest(reference, JSON.stringify(manifest), mediaType);
  return pin(reference, digest);
}
