import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock as takeTurns } from 'proper-lockfile';
import { stringify } from 'yaml';
import { childEnvironment } from '../../../shared/process/childEnvironment.ts';
import { answersHttp } from '../answers.ts';
import { command } from '../command.ts';
import type { LabContext } from '../Part.ts';

/** Fulcio and a timestamp authority of a test's own, which trust one issuer of job tokens. */
export interface TestSigstore extends AsyncDisposable {
  readonly fulcio: string;
  readonly timestamps: string;
  /** As `cosign trusted-root create` would write it. */
  readonly trustedRoot: Readonly<Record<string, unknown>>;
}

const deadlineMs = 30_000;
const password = 'only for this test';

/**
 * What Fulcio puts into certificates of GitHub's jobs: config/identity/config.yaml of Fulcio, as far as
 * the double's tokens tell it.
 */
const githubType = {
  'default-template-values': { url: 'https://github.com' },
  'extension-templates': {
    'github-workflow-trigger': 'event_name',
    'github-workflow-repository': 'repository',
    'github-workflow-ref': 'ref',
    'build-signer-uri': '{{ .url }}/{{ .job_workflow_ref }}',
    'source-repository-uri': '{{ .url }}/{{ .repository }}',
    'source-repository-ref': 'ref',
    'build-trigger': 'event_name',
  },
  'subject-alternative-name-template': '{{ .url }}/{{ .job_workflow_ref }}',
};

/** @param issuer of the tokens: the address of the OIDC double */
export async function startSigstore(
  lab: Pick<LabContext, 'program' | 'stateDir'>,
  issuer: string,
): Promise<TestSigstore> {
  // Fulcio has a socket whose name is the same for all of a machine.
  const release = await takeTurns(lab.stateDir, {
    lockfilePath: join(lab.stateDir, 'fulcio.lock'),
    stale: deadlineMs,
    retries: { forever: true, minTimeout: 200, maxTimeout: 1000 },
  });
  const folder = await mkdtemp(join(tmpdir(), 'sigstore-'));
  const children: ChildProcess[] = [];
  const dispose = async () => {
    await Promise.all(children.map(end));
    await rm(folder, { recursive: true, force: true });
    await release();
  };
  try {
    const ca = await makeAuthority(folder);
    const config = join(folder, 'config.yaml');
    await writeFile(config, configFor(issuer));
    const [http = 0, grpc = 0, metrics = 0, stamps = 0] = await freePorts(4);
    const start = async (program: string, args: readonly string[]) => {
      const env = childEnvironment(process.env, { HOME: folder });
      children.push(spawn(await lab.program(program), args, { stdio: 'ignore', cwd: folder, env }));
    };
    await start('fulcio', [
      ...['serve', '--ca', 'fileca', '--fileca-cert', ca.cert, '--fileca-key', ca.key],
      ...['--fileca-key-passwd', password, '--fileca-watch=false', '--ct-log-url='],
      ...['--config-path', config, '--host', '127.0.0.1', '--port', String(http)],
      ...['--grpc-host', '127.0.0.1', '--grpc-port', String(grpc)],
      ...['--metrics-port', String(metrics)],
    ]);
    await start('timestamp-server', [
      ...['serve', '--host', '127.0.0.1', '--port', String(stamps)],
      ...['--timestamp-signer', 'memory', '--disable-ntp-monitoring'],
    ]);
    const [fulcio, timestamps] = [http, stamps].map((port) => `http://127.0.0.1:${port}`) as [
      string,
      string,
    ];
    await answer(`${fulcio}/healthz`);
    await answer(`${timestamps}/ping`);
    const chain = await (await fetch(`${timestamps}/api/v1/timestamp/certchain`)).text();
    const trustedRoot = {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [],
      ctlogs: [],
      certificateAuthorities: [authority(await readFile(ca.cert, 'utf8'))],
      timestampAuthorities: [authority(chain)],
    };
    return { fulcio, timestamps, trustedRoot, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function makeAuthority(folder: string): Promise<{ cert: string; key: string }> {
  const [cert, plain, key] = ['ca.pem', 'ca-plain.pem', 'ca-key.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await command('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', '/O=Platform Actions lab/CN=fulcio', '-days', '1'],
    ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-keyout', plain, '-out', cert],
  ]);
  await command('openssl', [
    ...['ec', '-aes256', '-in', plain, '-out', key, '-passout', `pass:${password}`],
  ]);
  return { cert, key };
}

function configFor(issuer: string): string {
  return stringify({
    'oidc-issuers': {
      [issuer]: {
        'issuer-url': issuer,
        'client-id': 'sigstore',
        type: 'ci-provider',
        'ci-provider': 'github-workflow',
      },
    },
    'ci-issuer-metadata': { 'github-workflow': githubType },
  });
}

/** A chain of PEM certificates as the trusted root has it. */
export function authority(pem: string): unknown {
  const certificates = [...pem.matchAll(/-----BEGIN[\s\S]*?END CERTIFICATE-----/g)].map(
    ([text]) => ({ rawBytes: new X509Certificate(text).raw.toString('base64') }),
  );
  return {
    subject: { organization: 'lab', commonName: 'lab' },
    uri: '',
    certChain: { certificates },
    validFor: { start: '2000-01-01T00:00:00Z' },
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return servers.map((server) => {
    const address = server.address();
    server.close();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
}

async function answer(url: string): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await answersHttp(url))) {
    if (Date.now() > deadline) throw new Error(`${url} does not answer.`);
    await sleep(100);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
