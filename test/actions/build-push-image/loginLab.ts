import { Buffer } from 'node:buffer';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputReader } from '../../../shared/action/InputReader.ts';
import { type LoggedIn, logIn } from '../../../shared/action/login/logIn.ts';
import { readLogin } from '../../../shared/action/login/readLogin.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { type Http, httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { parseReference } from '../../../shared/oci/Reference.ts';
import { authority } from '../../lab/authority.ts';
import { build } from '../../lab/buildkit/build.ts';
import { type Entra, type EntraApp, startEntra } from '../../lab/doubles/entra.ts';
import { labIdentity } from '../../lab/doubles/labDoubles.ts';
import { type Oidc, startOidc } from '../../lab/doubles/oidc.ts';
import { labContext } from '../../lab/lab.ts';
import type { Acr, AcrOptions } from '../../lab/registry/acr/startAcr.ts';
import { startTestAcr } from '../../lab/registry/acr/startTestAcr.ts';
import { verifyEntraToken } from '../../lab/registry/acr/verifyEntraToken.ts';

export const { tenant } = labIdentity;
export const audience = 'api://AzureADTokenExchange';
export const subject = 'repo:acme/web:ref:refs/heads/main';

/** One runner with a job on it, the issuer of its id tokens and an Entra that trusts it. */
export interface LoginLab extends AsyncDisposable {
  readonly oidc: Oidc;
  readonly entra: Entra;
  /** The runner's own docker configuration. */
  readonly dockerConfig: string;
  /** What a mask was asked for, and what was logged. */
  readonly masked: ReadonlySet<string>;
  readonly said: readonly string[];
  /** An access token of an application's, as Azure's machines get them. */
  entraToken(clientId: string, resource: string | null): Promise<string>;
  /** What the issuer gives next is over already, as after a long wait. */
  expireNextIdToken(): void;
  /** How often ACR was asked to exchange a token. */
  exchanges(): number;
  acr(options?: Partial<AcrOptions>): Promise<Acr>;
  logIn(
    image: string,
    inputs: Readonly<Record<string, string>>,
    more?: { readonly env?: Readonly<Record<string, string>>; readonly push?: boolean },
  ): Promise<LoggedIn>;
  /** Builds by the lab's BuildKit as the step would: with this login and no other. */
  build(image: string, login: LoggedIn, dockerfile: string): Promise<string>;
  /** All text of the files of the runner's folder, where anything of a login would be left. */
  written(): string;
}

export async function loginLab(apps: (trust: Trust) => readonly EntraApp[]): Promise<LoginLab> {
  const lab = labContext(silent);
  const folder = mkdtempSync(join(tmpdir(), 'login-'));
  const ca = (await authority(lab)).cert;
  const oidc = await startOidc();
  const trust = { issuer: oidc.issuer, subject, audience };
  const entra = await startEntra({ tenants: [{ id: tenant, apps: apps(trust) }] });
  const masked = new Set<string>();
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const log = { ...silent, info: say, notice: say, warning: say };
  const client = httpClient({ env: {}, log, ca: readFileSync(ca, 'utf8') });
  let expireNext = false;
  const http: Http = async (request) => {
    const response = await client(request);
    if (!expireNext || !request.url.startsWith(oidc.issuer)) return response;
    expireNext = false;
    const value = await oidc.mint(audience, { nbf: 0, exp: 1_000_000 });
    return { ...response, body: Buffer.from(JSON.stringify({ value })) };
  };
  const dockerConfig = join(folder, 'runner-docker');
  mkdirSync(dockerConfig);
  let exchanges = 0;

  return {
    ...{ oidc, entra, dockerConfig, masked, said },
    async entraToken(clientId, resource) {
      const { body } = await client({
        method: 'POST',
        url: `${entra.url}/${tenant}/oauth2/v2.0/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          ...{ grant_type: 'client_credentials', client_id: clientId },
          ...{ client_secret: 'client-s3cret', scope: `${resource}/.default` },
        }).toString(),
      });
      return (JSON.parse(body.toString()) as { access_token: string }).access_token;
    },
    expireNextIdToken: () => {
      expireNext = true;
    },
    exchanges: () => exchanges,
    acr(options) {
      const verify = verifyEntraToken({ entra: entra.url, tenant });
      return startTestAcr(lab, {
        verify: (token) => {
          exchanges++;
          return verify(token);
        },
        ...options,
      });
    },
    async logIn(image, inputs, { env = {}, push = true } = {}) {
      const runner: Runner = {
        env: {
          PATH: process.env.PATH,
          DOCKER_CONFIG: dockerConfig,
          AZURE_AUTHORITY_HOST: entra.url,
          ...oidc.env,
          ...env,
        },
        log,
        signal: new AbortController().signal,
        tempDir: mkdtempSync(join(folder, 'step-')),
        secrets: masked,
        mask: (secret) => void masked.add(secret),
        output() {},
        summary: () => Promise.resolve(),
        saveState() {},
        readState: () => undefined,
      };
      const variables = Object.entries(inputs).map(([name, value]) => [
        `INPUT_${name.toUpperCase()}`,
        value,
      ]);
      const reader = new InputReader(Object.fromEntries(variables), runner.mask);
      const reference = parseReference(image);
      const login = await readLogin(reader, [reference.registry], runner);
      reader.finish();
      return logIn(login, runner, { pushes: push ? [reference] : [], http });
    },
    build(tag, login, dockerfile) {
      const context = mkdtempSync(join(folder, 'context-'));
      writeFileSync(join(context, 'Dockerfile'), dockerfile);
      return build(lab, { context, tag, env: { ...login.env, SSL_CERT_FILE: ca } });
    },
    written: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('\n'),
    async [Symbol.asyncDispose]() {
      await Promise.all([oidc, entra].map((double) => double[Symbol.asyncDispose]()));
      rmSync(folder, { recursive: true });
    },
  };
}

type Trust = { readonly issuer: string; readonly subject: string; readonly audience: string };
