import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import {
  type Digest,
  type PinnedReference,
  parseReference,
  pin,
} from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { readManifest } from '../../../shared/oci/readManifest.ts';
import { addresses } from '../../lab/addresses.ts';
import { authority } from '../../lab/authority.ts';
import { jobEnvironment, labIdentity } from '../../lab/doubles/labDoubles.ts';
import { labContext } from '../../lab/lab.ts';
import { acrRefreshToken } from '../../lab/registry/acr/acr.ts';
import { tokenUser } from '../../lab/registry/acr/tokenEndpoints.ts';
import type { StepResult } from '../startAction.ts';
import { base64Of, filesWith } from './filesWith.ts';
import { workspace } from './workspace.ts';

const lab = labContext(silent);
const random = () => randomBytes(12).toString('hex');
let folder: string;
let home: string;
let temp: string;
let agent: { readonly socket: string; readonly pid: number; readonly privateLine: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secret-'));
  [home, temp] = [join(folder, 'home'), join(folder, 'temp')];
  for (const made of [home, temp]) mkdirSync(made);
  agent = startAgent();
});
afterEach(() => {
  process.kill(agent.pid);
  rmSync(folder, { recursive: true });
});

/** An ssh-agent of the test's own with one key. */
function startAgent() {
  const own = mkdtempSync(join(tmpdir(), 'agent-'));
  const [key, socket] = [join(own, 'key'), join(own, 's')];
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const said = execFileSync('ssh-agent', ['-a', socket, '-s']).toString();
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]);
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  execFileSync('ssh-add', ['-q', key], { env, stdio: 'ignore' });
  const privateLine = readFileSync(key, 'utf8').split('\n')[2] ?? '';
  rmSync(key);
  return { socket, pid, privateLine };
}

/** All kinds of secrets of a build, each of which its RUN step really gets, and some of which it prints. */
function build() {
  const [value, line, variable, file, open] = [random(), random(), random(), random(), random()];
  const dockerfile = `FROM ${addresses.registry}/library/busybox:1.36
RUN --mount=type=secret,id=value --mount=type=secret,id=lines --mount=type=secret,id=variable,env=V \\
  --mount=type=secret,id=file --mount=type=ssh \\
  test -s /run/secrets/file && test -S "$SSH_AUTH_SOCK" && cat /run/secrets/value /run/secrets/lines && echo "$V" \\
  && echo ${open} | tee /built
`;
  const space = workspace({ Dockerfile: dockerfile, npmrc: file, '.dockerignore': 'npmrc\n' });
  return {
    space,
    /** No secret, and printed and kept: what is looked for is found where it is. */
    open,
    secrets: [value, line, variable, file, agent.privateLine],
    inputs: {
      secrets: `value=${value}\n"lines=first\n${line}"`,
      'secret-envs': 'variable=A_SECRET',
      'secret-files': 'file=npmrc',
      ssh: 'default',
      provenance: 'mode=max',
      tags: '1',
    },
    env: {
      HOME: home,
      RUNNER_TEMP: temp,
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '', '.cache'),
      A_SECRET: variable,
      SSH_AUTH_SOCK: agent.socket,
    },
  };
}

/** Everything of the image: index, manifests, configurations, attestations, layers, and what refers to it. */
async function contentOf(image: PinnedReference, client: RegistryClient): Promise<string> {
  const { bytes } = await client.manifest(image);
  const { manifests = [], config, layers = [] } = readManifest(bytes, image.digest);
  const blobs = await Promise.all(
    [...(config ? [config] : []), ...layers].map(async ({ digest }) => {
      const { body } = await client.send(image, { path: `blobs/${digest}` });
      return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
    }),
  );
  const below = await Promise.all(
    manifests.map(({ digest }) => contentOf(pin(image, digest), client)),
  );
  return [bytes, ...blobs, ...below].map((text) => text.toString('latin1')).join('\n');
}

/** What of these is anywhere that a person, a later step or a puller can see. */
async function hits(step: StepResult, secrets: readonly string[], client: RegistryClient) {
  const { reference = '' } = step.outputs;
  const digest = step.outputs.digest as Digest;
  const image = pin(parseReference(reference), digest);
  const content = await contentOf(image, client);
  expect(content).toContain('slsa.dev/provenance');
  const seen: Record<string, string> = {
    // The runner is told of its masks here, and shows none of these lines.
    log: step.log.replaceAll(/^::add-mask::.*$/gm, ''),
    summary: step.summary,
    outputs: JSON.stringify(step.outputs),
    state: JSON.stringify(step.state),
    image: content,
    annotations: JSON.stringify(step.annotations),
  };
  const texts = secrets.flatMap((secret) => [secret, ...base64Of(secret)]);
  const found = Object.entries(seen).filter(([, text]) =>
    texts.some((secret) => text.includes(secret)),
  );
  return [...found.map(([where]) => where), ...filesWith([folder], secrets)];
}

describe('nothing secret is left anywhere', () => {
  it('by a build with secrets and an ssh agent, and a login by password', async () => {
    const { space, open, secrets, inputs, env } = build();
    using _ = space;
    const password = random();
    const step = await space.build({
      inputs: { ...inputs, username: 'somebody', password, 'github-token': `ghs_${random()}` },
      env,
    });
    expect(step.annotations).toEqual([]);
    expect(step.exitCode).toBe(0);
    expect(step.masks.length).toBeGreaterThanOrEqual(4);
    const client = new RegistryClient({
      http: httpClient({ env: {}, log: silent }),
      credentialFor: async () => undefined,
    });
    expect(await hits(step, [...secrets, password, ...long(step.masks)], client)).toEqual([]);
    const kept = join(home, 'config.json');
    writeFileSync(kept, JSON.stringify({ auth: btoa(`somebody:${open}`) }));
    expect(await hits(step, [open], client)).toEqual(['log', 'image', kept]);
  }, 60_000);

  it("by the job's own token, and all tokens that were made of it", async () => {
    const { space, secrets, inputs, env } = build();
    using _ = space;
    const ca = (await authority(lab)).cert;
    const image = space.image.replace(addresses.registry, addresses.acr);
    const { tenant, client: clientId, requestToken } = labIdentity;
    const step = await space.build({
      inputs: { ...inputs, image, 'azure-client-id': clientId, 'azure-tenant-id': tenant },
      env: { ...env, ...jobEnvironment(), SSL_CERT_FILE: ca, NODE_EXTRA_CA_CERTS: ca },
    });
    expect(step.annotations).toEqual([]);
    expect(step.exitCode).toBe(0);
    // The id token, Entra's, ACR's refresh token and its access tokens.
    const tokens = step.masks.filter((mask) => mask.startsWith('eyJ'));
    expect(tokens.length).toBeGreaterThanOrEqual(4);
    expect(step.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toMatch(/eyJ[\w-]{10,}\./);
    const password = await acrRefreshToken(lab, { oid: 'object', appid: 'application' });
    const client = new RegistryClient({
      http: httpClient({ env: {}, log: silent, ca: readFileSync(ca, 'utf8') }),
      credentialFor: async () => ({ username: tokenUser, password }),
    });
    const all = [...secrets, requestToken, ...long(step.masks)];
    expect(await hits(step, all, client)).toEqual([]);
  }, 60_000);
});

/** Short masks, such as the first line of a secret, may stand in any text. */
function long(masks: readonly string[]): string[] {
  return masks.filter((mask) => mask.length > 12 && !mask.includes('\n'));
}
