import { readFile } from 'node:fs/promises';
import { httpClient } from '../../../../shared/http/request.ts';
import { httpStream } from '../../../../shared/http/stream.ts';
import { silent } from '../../../../shared/log/Log.ts';
import type { Credential } from '../../../../shared/oci/credentials.ts';
import { pushContent } from '../../../../shared/oci/pushContent.ts';
import { parseReference, type Reference } from '../../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { registryContent } from '../../../../shared/oci/registryContent.ts';
import { addresses } from '../../addresses.ts';
import { authority } from '../../authority.ts';
import type { LabContext } from '../../Part.ts';
import { acrRefreshToken } from '../../registry/acr/acr.ts';
import type { CopyBetween } from './Imports.ts';

/** Copies between the lab's registries as ACR does: no tags but those asked for, and nothing attached. */
export function copyWithLab(lab: LabContext): CopyBetween {
  return async ({ request, target, from }) => {
    const ca = await readFile((await authority(lab)).cert, 'utf8');
    const clientWith = (credentialFor: (registry: string) => Promise<Credential | undefined>) =>
      new RegistryClient({
        http: httpClient({ env: {}, log: silent, ca }),
        stream: httpStream({ env: {}, ca }),
        credentialFor,
      });
    // ACR's own agent, which may do everything in its registry.
    const own = async (registry: string): Promise<Credential | undefined> => {
      if (registry !== addresses.acr) return undefined;
      const agent = { oid: 'acr-agent', appid: 'acr-agent' };
      return { identityToken: await acrRefreshToken(lab, agent) };
    };
    const { credentials, resourceId, sourceImage } = request.source;
    const { username = '', password = '' } = credentials ?? {};
    const given = async () => (credentials === undefined ? undefined : { username, password });
    const source = clientWith(resourceId === undefined ? given : own);
    const patience = { until: Date.now() + 60_000, log: silent };
    const reference = parseReference(`${from}/${sourceImage}`);
    const { digest } = await source.manifest(reference);
    const content = registryContent(source, { ...reference, digest }, patience);
    const client = clientWith(own);
    for (const name of request.untaggedTargetRepositories ?? []) {
      const to: Reference = { registry: target.loginServer, repository: name };
      await pushContent({ content, digest, to, client, patience });
    }
    for (const name of request.targetTags ?? []) {
      const to = parseReference(`${target.loginServer}/${name}`);
      if (request.mode === 'NoForce' && (await client.findDigest(to)) !== undefined) {
        throw new Error(`Tag ${name} already exists in target registry.`);
      }
      const { manifest } = await pushContent({ content, digest, to, client, patience });
      await client.putManifest(to, manifest.bytes, manifest.mediaType);
    }
  };
}
