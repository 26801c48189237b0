import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { planLogin } from '../../../../shared/action/login/planLogin.ts';
import type { GivenLogin } from '../../../../shared/action/login/RegistryLogin.ts';
import { githubRegistry, readGivenLogin } from '../../../../shared/action/login/readLogin.ts';
import { boolean, duration, text } from '../../../../shared/action/parsers.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { type CacheInputs, readCacheInputs } from '../caches/readCacheInputs.ts';
import { attestation } from './attestations.ts';
import { decidePush } from './decidePush.ts';
import { parseLines, parseList } from './parseList.ts';
import type { Named } from './readNamed.ts';
import { readSecrets, type Secret } from './readSecrets.ts';
import { readSecretRule, type SecretRule, tellOfSecrets } from './refuseSecrets.ts';

export interface BakeInputs extends Named {
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly targets: readonly string[];
  readonly set: readonly string[];
  readonly allow: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly load: boolean;
  readonly push: boolean;
  readonly provenance: string | undefined;
  readonly sbom: string | undefined;
  readonly secrets: readonly Secret[];
  /** For arguments that look like secrets. */
  readonly secretRule: SecretRule;
  readonly caches: CacheInputs;
  readonly reuse: { readonly unchanged: boolean; readonly maxAgeMs: number };
  readonly freeDisk: boolean;
  readonly builder: string | undefined;
  /** Where to log in is only known when the files have been read. */
  readonly login: GivenLogin;
}

export async function readBake(
  reader: InputReader,
  named: Named,
  runner: Runner,
): Promise<BakeInputs> {
  const set = (await reader.optional('bake-set', overrides)) ?? [];
  const rule = await readSecretRule(reader);
  const builder = await reader.optional('builder', text);
  if (/^acr-tasks\b/.test(builder ?? '')) {
    reader.conflict(
      'Input builder: ACR tasks build one image, and no bake file.',
      'Build each image in a step of its own, or the bake file by another builder.',
    );
  }
  const load = await reader.required('load', boolean);
  const said = { push: await reader.optional('push', boolean), load, outputs: [], passedOn: {} };
  const login = await readGivenLogin(reader);
  for (const { what, remedy } of planLogin(login, [], githubRegistry(runner.env)).problems) {
    reader.conflict(what, remedy);
  }
  const inputs: BakeInputs = {
    ...named,
    files: await reader.required('bake-file', files(runner.env)),
    targets: (await reader.optional('bake-targets', (given) => parseList(given, true))) ?? [],
    set,
    allow: (await reader.optional('allow', (given) => parseList(given, true))) ?? [],
    noCache: await reader.required('no-cache', boolean),
    pull: await reader.required('pull', boolean),
    load,
    push: decidePush(reader, named, said, runner),
    provenance: await reader.optional('provenance', attestation),
    sbom: await reader.optional('sbom', attestation),
    secrets: await readSecrets(reader, runner),
    secretRule: rule,
    caches: await readCacheInputs(reader, runner.env.GITHUB_WORKSPACE ?? '.'),
    reuse: {
      unchanged: await reader.required('skip-unchanged', boolean),
      maxAgeMs: await reader.required('max-age', duration),
    },
    freeDisk: await reader.required('free-disk', boolean),
    builder,
    login,
  };
  // At last, since any input may hold a secret that an argument repeats.
  const args = set.flatMap((entry) => /^[^.=]+\.args\.(.*)$/s.exec(entry)?.[1] ?? []);
  tellOfSecrets('bake-set', args, rule, reader, runner);
  return inputs;
}

const overrides: Parse<readonly string[]> = (given) =>
  parseLines(given).map((entry) => {
    if (/^[^.=\s]+\.[^=\s]+\+?=/.test(entry)) return entry;
    throw new InputProblem(
      `${JSON.stringify(entry)} is not an override`,
      'Write `target.key=value`, such as `web.args.VERSION=1` or `*.platform=linux/arm64`.',
    );
  });

function files(env: Runner['env']): Parse<readonly string[]> {
  return async (given) =>
    Promise.all(
      (await parseList(given, true)).map(async (path) => {
        const file = resolve(env.GITHUB_WORKSPACE ?? '.', path);
        if ((await stat(file).catch(() => undefined))?.isFile()) return file;
        throw new InputProblem(
          `${JSON.stringify(path)} is not a file`,
          'Write the path of the bake file relative to the workspace.',
        );
      }),
    );
}
