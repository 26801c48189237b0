import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../../shared/process/childEnvironment.ts';
import { type Outcome, run } from '../../../shared/process/run.ts';
import type { LabContext } from '../Part.ts';
import type { TestSigstore } from './startSigstore.ts';

/** The real cosign, with a folder of its own for keys and settings. */
export interface Cosign extends AsyncDisposable {
  readonly folder: string;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** As {@link run}, but the program has to succeed. */
  must(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** Writes a file into the folder and gives its path. */
  write(name: string, content: unknown): Promise<string>;
}

export async function openCosign(lab: Pick<LabContext, 'program'>): Promise<Cosign> {
  const program = await lab.program('cosign');
  const folder = await mkdtemp(join(tmpdir(), 'cosign-'));
  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run({
      ...{ program, args, cwd: folder },
      // Its keys are kept with a password, of which an empty one is asked for otherwise.
      env: childEnvironment(process.env, { HOME: folder, COSIGN_PASSWORD: '', ...env }),
    });
  return {
    folder,
    run: start,
    async must(args, env) {
      const outcome = await start(args, env);
      if (outcome.exitCode !== 0) throw new Error(`cosign ${args[0]}: ${outcome.stderr}`);
      return outcome;
    },
    async write(name, content) {
      const path = join(folder, name);
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Lets cosign sign by services of a test's own, or by none at all: otherwise it asks the public ones. */
export async function signingConfig(
  cosign: Cosign,
  services?: { readonly sigstore: TestSigstore; readonly issuer: string },
): Promise<string> {
  const path = join(cosign.folder, services === undefined ? 'none.json' : 'services.json');
  const of = (url: string) =>
    `url=${url},api-version=1,start-time=2020-01-01T00:00:00Z,operator=lab`;
  await cosign.must([
    ...['signing-config', 'create', '--out', path],
    ...(services === undefined
      ? []
      : [
          ...['--fulcio', of(services.sigstore.fulcio)],
          ...['--oidc-provider', of(services.issuer)],
          ...['--tsa', of(`${services.sigstore.timestamps}/api/v1/timestamp`)],
          ...['--tsa-config', 'ANY'],
        ]),
  ]);
  return path;
}
