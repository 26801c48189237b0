import { readFileSync } from 'node:fs';
import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { httpClient } from '../../../../shared/http/request.ts';
import { silent } from '../../../../shared/log/Log.ts';
import { addresses } from '../../addresses.ts';
import { certificate } from '../../authority.ts';
import { labIdentity } from '../../doubles/labDoubles.ts';
import type { LabContext } from '../../Part.ts';
import { signingKey } from './signingKey.ts';
import { type Acr, type AcrOptions, startAcr } from './startAcr.ts';
import { verifyEntraToken } from './verifyEntraToken.ts';

/**
 * An ACR of a test's own, with the content, authority and Entra of the lab's, so that the test can
 * choose roles, lifetimes and the firewall. Its certificate is that of the lab's authority.
 */
export async function startTestAcr(
  lab: LabContext,
  options: Partial<AcrOptions> = {},
): Promise<Acr> {
  const { ca, cert, key } = await certificate(lab, 'acr', { hosts: ['localhost', '127.0.0.1'] });
  const { tenant } = labIdentity;
  const entra = `https://${addresses.entra}`;
  return startAcr({
    tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') },
    upstream: `http://${addresses.acrContent}`,
    service: addresses.acr,
    key: await signingKey(lab),
    tenant,
    verify: verifyEntraToken({
      entra,
      tenant,
      keys: keysOf(entra, tenant, readFileSync(ca, 'utf8')),
    }),
    ports: addresses.acrOfTests.map((host) => Number(host.split(':')[1])),
    ...options,
  });
}

/** With the lab's authority trusted, which this process does not do by itself. */
function keysOf(entra: string, tenant: string, ca: string): JWTVerifyGetKey {
  const http = httpClient({ env: {}, log: silent, ca });
  return async (header, token) => {
    const { body } = await http({ url: `${entra}/${tenant}/discovery/v2.0/keys` });
    return createLocalJWKSet(JSON.parse(body.toString()))(header, token);
  };
}
