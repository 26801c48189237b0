import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { addresses } from '../../addresses.ts';
import { answersHttp } from '../../answers.ts';
import { authority, certificate } from '../../authority.ts';
import { startDaemon, stopDaemon } from '../../daemon.ts';
import { labIdentity } from '../../doubles/labDoubles.ts';
import type { LabContext, Part } from '../../Part.ts';
import { writeConfig } from '../../writeConfig.ts';
import { distributionConfig } from '../registry.ts';
import { AcrTokens, acrIssuer, type Principal } from './AcrTokens.ts';
import type { AcrConfig } from './serveAcr.ts';
import { publicPart, signingKey } from './signingKey.ts';

export const acr: Part = {
  name: 'acr',
  about: `a registry with the login of Azure Container Registry at ${addresses.acr}`,
  needs: ['acr-content', 'entra-double'],
  programs: [],
  async start(lab) {
    const { cert, key, ca } = await certificate(lab, 'acr', { hosts: ['localhost', '127.0.0.1'] });
    await signingKey(lab);
    const config: AcrConfig = {
      ...{ cert, key, cacheDir: lab.cacheDir, tenant: labIdentity.tenant },
      port: Number(addresses.acr.split(':')[1]),
      upstream: `http://${addresses.acrContent}`,
      service: addresses.acr,
      entra: `https://${addresses.entra}`,
    };
    const path = join(lab.stateDir, 'acr.json');
    writeConfig(path, JSON.stringify(config));
    await startDaemon(lab, {
      name: 'acr',
      program: process.execPath,
      args: [join(import.meta.dirname, 'serveAcr.ts'), path],
      env: { NODE_EXTRA_CA_CERTS: ca },
      answers: () => acr.answers(lab),
    });
  },
  stop: (lab) => stopDaemon(lab, 'acr'),
  async answers(lab) {
    const { cert } = await authority(lab);
    return answersHttp(`https://${addresses.acr}/v2/`, { statuses: [401], ca: cert });
  },
};

/** What lies behind it; content outlives the lab as that of the other registry does. */
export const acrContent: Part = {
  name: 'acr-content',
  about: 'the content of the registry that plays ACR',
  needs: [],
  programs: ['registry'],
  async start(lab) {
    const config = join(lab.stateDir, 'acr-content.yaml');
    const keys = join(lab.stateDir, 'acr-keys.json');
    const storage = join(lab.cacheDir, 'acr');
    mkdirSync(storage, { recursive: true });
    writeConfig(keys, JSON.stringify({ keys: [publicPart(await signingKey(lab))] }));
    writeConfig(
      config,
      stringify({ ...distributionConfig(addresses.acrContent, storage), auth: tokenAuth(keys) }),
    );
    await startDaemon(lab, {
      name: 'acr-content',
      program: await lab.program('registry'),
      args: ['serve', config],
      env: { OTEL_TRACES_EXPORTER: 'none' },
      answers: () => acrContent.answers(lab),
    });
  },
  stop: (lab) => stopDaemon(lab, 'acr-content'),
  answers: () => answersHttp(`http://${addresses.acrContent}/v2/`, { statuses: [401] }),
};

/** Distribution's token authentication: which tokens it takes, and where it sends clients for one. */
function tokenAuth(jwks: string): Record<string, unknown> {
  return {
    token: {
      // The host is that of the request, so that several doubles can stand before one content.
      autoredirect: true,
      autoredirectpath: '/oauth2/token',
      realm: `https://${addresses.acr}/oauth2/token`,
      service: addresses.acr,
      issuer: acrIssuer,
      jwks,
      signingalgorithms: ['RS256'],
    },
  };
}

/** A refresh token of the lab's ACR without the login by Entra: the password of `tokenUser`. */
export async function acrRefreshToken(lab: LabContext, principal: Principal): Promise<string> {
  return new AcrTokens({
    key: await signingKey(lab),
    service: addresses.acr,
    tenant: labIdentity.tenant,
    refreshLifetime: 3600,
    accessLifetime: 3600,
    now: () => Math.floor(Date.now() / 1000),
  }).refreshToken(principal);
}
