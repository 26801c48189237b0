import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { type Aks, startAks } from '../../lab/doubles/aks.ts';
import type { ArmCluster } from '../../lab/doubles/arm/ArmCluster.ts';
import { verifyArmToken } from '../../lab/doubles/arm/verifyArmToken.ts';
import { type ArmOptions, type ArmServer, startArm } from '../../lab/doubles/arm.ts';
import { type Entra, type EntraApp, startEntra } from '../../lab/doubles/entra.ts';
import { startOidc } from '../../lab/doubles/oidc.ts';
import { throwAwayCertificate } from '../../lab/throwAwayCertificate.ts';
import { config } from './cluster.ts';

export const tenant = '11111111-1111-4111-8111-111111111111';
const clientId = '22222222-2222-4222-8222-222222222222';
const subscription = '44444444-4444-4444-8444-444444444444';
/** Of the clusters' API servers. */
export const tls = await throwAwayCertificate(['127.0.0.1']);

export interface AzureOptions {
  /** Of Entra's tokens, in seconds. */
  readonly lifetime?: number;
  readonly app?: Partial<EntraApp>;
  readonly arm?: Partial<ArmOptions>;
  /** What of the cluster is otherwise: accounts of its own, or another API server. */
  readonly cluster?: Partial<ArmCluster>;
}

export interface Azure extends AsyncDisposable {
  /** Of the identity, by which the cluster knows it. */
  readonly objectId: string;
  readonly aks: Aks;
  readonly arm: ArmServer;
  readonly entra: Entra;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** A job's issuer, Entra, ARM and a cluster of AKS; behind the cluster is the lab's API server. */
export async function startAzure(options: AzureOptions = {}): Promise<Azure> {
  const objectId = randomUUID();
  const oidc = await startOidc();
  const entra = await startEntra({
    ...(options.lifetime !== undefined && { lifetime: options.lifetime }),
    tenants: [
      {
        id: tenant,
        apps: [
          {
            ...{ clientId, objectId },
            federatedCredentials: [
              {
                issuer: oidc.url,
                subject: 'repo:acme/web:ref:refs/heads/main',
                audience: 'api://AzureADTokenExchange',
              },
            ],
            ...options.app,
          },
        ],
      },
    ],
  });
  const text = (data = '') => Buffer.from(data, 'base64').toString();
  const { certData, keyData } = config.getCurrentUser() ?? {};
  const { server = '', caData } = config.getCurrentCluster() ?? {};
  const aks = await startAks({
    target: { url: server, ca: text(caData), cert: text(certData), key: text(keyData) },
    ...{ entra: entra.url, tenant, tls },
  });
  const arm = await startArm({
    registries: [],
    clusters: [
      {
        ...{ subscription, resourceGroup: 'platform', name: 'acme', server: aks.url, ca: tls.ca },
        ...{ tenant, ...options.cluster },
      },
    ],
    build: () => Promise.reject(new Error('nothing is built')),
    verify: verifyArmToken(entra.url, tenant, httpClient({ env: {}, log: silent })),
    ...options.arm,
  });
  return {
    ...{ objectId, aks, arm, entra },
    inputs: {
      kubeconfig: '',
      'aks-cluster': `acme?arm=${arm.url}`,
      'resource-group': 'platform',
      subscription,
      'azure-client-id': clientId,
      'azure-tenant-id': tenant,
    },
    env: { ...oidc.env, AZURE_AUTHORITY_HOST: entra.url },
    async [Symbol.asyncDispose]() {
      for (const one of [arm, aks, entra, oidc]) await one[Symbol.asyncDispose]();
    },
  };
}
