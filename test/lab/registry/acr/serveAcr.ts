import { readFileSync } from 'node:fs';
import { signingKey } from './signingKey.ts';
import { startAcr } from './startAcr.ts';
import { verifyEntraToken } from './verifyEntraToken.ts';

/** What the lab's ACR is started with: paths of PEM files, and where everything is. */
export interface AcrConfig {
  readonly cert: string;
  readonly key: string;
  readonly cacheDir: string;
  readonly tenant: string;
  readonly port: number;
  readonly upstream: string;
  readonly service: string;
  readonly entra: string;
}

const [, , path = ''] = process.argv;
const config = JSON.parse(readFileSync(path, 'utf8')) as AcrConfig;
const { tenant, port, upstream, service, entra } = config;
await startAcr({
  ...{ tenant, upstream, service },
  ports: [port],
  tls: { cert: readFileSync(config.cert, 'utf8'), key: readFileSync(config.key, 'utf8') },
  key: await signingKey(config),
  verify: verifyEntraToken({ entra, tenant }),
});
