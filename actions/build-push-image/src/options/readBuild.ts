import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { boolean, text } from '../../../../shared/action/parsers.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { nearest } from '../../../../shared/text/nearest.ts';
import { type Attestations, attestation } from './attestations.ts';
import { parseLines, parseList } from './parseList.ts';
import type { PassedOnValues } from './passedOn.ts';
import { gitContext, isAddress, readContext } from './readContext.ts';
import { readPassedOn } from './readPassedOn.ts';
import { readSecrets, type Secret } from './readSecrets.ts';

/** What is built, and how: what docker/build-push-action takes besides names and logins. */
export interface Build {
  /** An absolute folder, or an address that BuildKit fetches itself. */
  readonly context: string;
  /** Absolute, or relative to a context that is an address; `undefined` for its `Dockerfile`. */
  readonly file: string | undefined;
  /** `NAME=value` each. */
  readonly buildArgs: readonly string[];
  /** Such as `linux/amd64`; none for the builder's own. */
  readonly platforms: readonly string[];
  readonly passedOn: PassedOnValues;
  readonly attestations: Attestations;
  readonly secrets: readonly Secret[];
  readonly load: boolean;
  /** `type=…` each, as buildx takes them. */
  readonly outputs: readonly string[];
  /** `undefined` where it was not said. */
  readonly push: boolean | undefined;
  readonly builder: string | undefined;
}

export async function readBuild(reader: InputReader, runner: Runner): Promise<Build> {
  const { env } = runner;
  const context = await readContext(reader, env);
  const build: Build = {
    context,
    file: await reader.optional('file', dockerfile(context, env)),
    buildArgs: (await reader.confidential('build-args', buildArgs(env))) ?? [],
    platforms: (await reader.optional('platforms', platforms)) ?? [],
    passedOn: await readPassedOn(reader, env),
    attestations: {
      provenance: await reader.optional('provenance', attestation),
      sbom: await reader.optional('sbom', attestation),
      attests: (await reader.optional('attests', (given) => parseList(given, false))) ?? [],
    },
    secrets: withGitToken(
      await readSecrets(reader, runner),
      context,
      await reader.secret('github-token', text),
      env,
    ),
    load: (await reader.optional('load', boolean)) ?? false,
    outputs: (await reader.optional('outputs', outputs)) ?? [],
    push: await reader.optional('push', boolean),
    builder: await reader.optional('builder', text),
  };
  if (build.file === undefined && context !== undefined && !isAddress(context)) {
    await dockerfileInContext(reader, context);
  }
  return build;
}

/** A context that is this repository is fetched by the builder, which needs the job's token if it is private. */
function withGitToken(
  secrets: readonly Secret[],
  context: string | undefined,
  token: string | undefined,
  env: Runner['env'],
): readonly Secret[] {
  const [own = ''] = gitContext(env).split('#');
  const needs = token !== undefined && context?.startsWith(own) === true;
  const has = secrets.some(({ id }) => /^GIT_AUTH_(TOKEN|HEADER)/.test(id));
  return needs && !has ? [...secrets, { id: 'GIT_AUTH_TOKEN', value: token }] : secrets;
}

/** `NAME` alone takes the variable of the step, as docker does; one that is not there is an error. */
function buildArgs(env: Runner['env']): Parse<readonly string[]> {
  return async (given) =>
    (await parseList(given, false)).map((entry) => {
      if (/^[A-Za-z_]\w*=/.test(entry)) return entry;
      const value = /^[A-Za-z_]\w*$/.test(entry) ? env[entry] : undefined;
      if (value !== undefined) return `${entry}=${value}`;
      throw new InputProblem(
        `${JSON.stringify(entry)} is not NAME=value, and no variable of the step`,
        'Write one `NAME=value` a line.',
      );
    });
}

/** What Go calls them, and what BuildKit takes for one of those. */
const architectures = new Set([
  ...['386', 'amd64', 'arm', 'arm64', 'loong64', 'mips', 'mips64', 'mips64le', 'mipsle', 'ppc64'],
  ...[
    'ppc64le',
    'riscv64',
    's390x',
    'wasm',
    'x86_64',
    'x86-64',
    'i386',
    'aarch64',
    'armhf',
    'armel',
  ],
]);

const platforms: Parse<readonly string[]> = async (given) =>
  (await parseList(given, true)).map((entry) => {
    const [, architecture = ''] = /^[a-z0-9]+\/([a-z0-9_]+)(\/[a-z0-9.]+)?$/.exec(entry) ?? [];
    // BuildKit makes an image of `linux/amd46`, too. What is like no other name may be a new one.
    const meant = architectures.has(architecture)
      ? undefined
      : nearest(architecture, architectures);
    if (architecture !== '' && meant === undefined) return entry;
    throw new InputProblem(
      `${JSON.stringify(entry)} is not a platform`,
      `${meant === undefined ? '' : `Did you mean ${entry.replace(architecture, meant)}? `}Write system and architecture, such as \`linux/arm64\`.`,
    );
  });

const outputs: Parse<readonly string[]> = (given) =>
  parseLines(given).map((entry) => {
    if (/(^|,)"?type=\w+/.test(entry) || /^[^=,]+$/.test(entry)) return entry;
    throw new InputProblem(`${JSON.stringify(entry)} has no type`, 'Write `type=…,dest=…`.');
  });

function dockerfile(context: string | undefined, env: Runner['env']): Parse<string> {
  return async (given) => {
    const path = given.trim();
    if (context !== undefined && isAddress(context)) return path;
    const absolute = resolve(env.GITHUB_WORKSPACE ?? '.', path);
    if ((await stat(absolute).catch(() => undefined))?.isFile()) return absolute;
    throw new InputProblem(
      'is not a file',
      'Write the path of the Dockerfile relative to the workspace.',
    );
  };
}

async function dockerfileInContext(reader: InputReader, context: string): Promise<void> {
  const found = await stat(join(context, 'Dockerfile')).catch(() => undefined);
  if (found?.isFile()) return;
  reader.conflict(
    `Input context: there is no Dockerfile in ${JSON.stringify(context)}.`,
    'Write where it lies in `file`.',
  );
}
