import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { credentialFor } from '../../../shared/oci/credentials.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';

/** A step of which a test runs a part: what it said is kept, and its folder goes with it. */
export interface TestStep extends Disposable {
  readonly runner: Runner;
  readonly registry: RegistryClient;
  readonly infos: string[];
  readonly warnings: string[];
  /** What programs printed. */
  readonly output: string[];
}

/** @param ca the authority of the registry, PEM */
export function testStep(env: Readonly<Record<string, string>> = {}, ca?: string): TestStep {
  const tempDir = mkdtempSync(join(tmpdir(), 'step-'));
  const [infos, warnings, output]: [string[], string[], string[]] = [[], [], []];
  const log = {
    ...silent,
    info: (text: string) => void infos.push(text),
    warning: (text: string) => void warnings.push(text),
    untrusted: (text: string) => void output.push(text),
  };
  const runner: Runner = {
    env: { ...process.env, ...env },
    log,
    signal: new AbortController().signal,
    tempDir,
    secrets: new Set(),
    mask() {},
    output() {},
    async summary() {},
    saveState() {},
    readState: () => undefined,
  };
  return {
    runner,
    registry: new RegistryClient({
      http: httpClient({ env: {}, log, ca }),
      credentialFor: (host) => credentialFor(host, runner.env),
    }),
    infos,
    warnings,
    output,
    [Symbol.dispose]: () => rmSync(tempDir, { recursive: true, force: true }),
  };
}

/** A repository that no other test has. */
export function freshRepository(kind: string): string {
  return `test/${kind}-${randomBytes(4).toString('hex')}`;
}
