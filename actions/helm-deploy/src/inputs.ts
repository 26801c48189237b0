import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { checkMapping } from '../../../shared/action/checkMapping.ts';
import type { GivenCluster } from '../../../shared/action/cluster/GivenCluster.ts';
import { readCluster } from '../../../shared/action/cluster/readCluster.ts';
import { InputProblem, InputReader, type Parse } from '../../../shared/action/InputReader.ts';
import { findIncomplete } from '../../../shared/action/login/findIncomplete.ts';
import { readGivenLogin } from '../../../shared/action/login/readLogin.ts';
import { boolean, duration, lines, oneOf, text, timeout } from '../../../shared/action/parsers.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { warnUnknownInputs } from '../../../shared/action/warnUnknownInputs.ts';
import { parseReference, type Reference } from '../../../shared/oci/Reference.ts';
import { type ProofInputs, readProofInputs } from './evidence/readProofInputs.ts';
import type { Concurrency } from './Lock.ts';
import { type Mode, type ModeOf, modes, needsSource } from './modes/Mode.ts';
import { readModeInputs } from './modes/readModeInputs.ts';
import { type PreflightMode, preflightModes } from './preflightMode.ts';
import type { PullSecret } from './pullSecret/PullSecret.ts';
import { readPullSecret } from './pullSecret/readPullSecret.ts';
import { parseSource } from './source/parseSource.ts';
import type { Source } from './source/Source.ts';
import { checkSize } from './values/checkSize.ts';
import { parseSetting, type Setting } from './values/parseSet.ts';
import { secretsIn } from './values/secretsIn.ts';
import { readVerification } from './verify/readVerification.ts';
import type { Verification } from './verify/Verification.ts';

export interface Inputs extends ProofInputs {
  readonly mode: Mode;
  /** Where the mode needs one. */
  readonly source: Source | undefined;
  /** Whether a source that may be another one tomorrow is refused. */
  readonly requirePinned: boolean;
  /** For `${NAME}` in manifests; `undefined` leaves them as they are. */
  readonly variables: ReadonlyMap<string, string> | undefined;
  readonly release: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  /** YAML of a mapping, as it was given. */
  readonly values: string | undefined;
  /** Absolute paths. */
  readonly valueFiles: readonly string[];
  readonly set: readonly Setting[];
  /** YAML of a mapping, as it was given; every text in it is masked. */
  readonly secretValues: string | undefined;
  readonly unknownValues: UnknownValues;
  readonly images: readonly ImageAt[];
  /** Whether a deploy that changes nothing makes no revision. */
  readonly skipUnchanged: boolean;
  readonly takeOwnership: boolean;
  /** Without it: as Helm does for a chart, and `upgrade` for manifests. */
  readonly crds: CrdHandling | undefined;
  readonly helmVersion: HelmVersion;
  readonly timeoutMs: number;
  readonly concurrency: Concurrency;
  readonly preflight: PreflightMode;
  /** How long everything has to stay ready. */
  readonly settleMs: number;
  /** What has to hold after that. */
  readonly verification: Verification | undefined;
  readonly cluster: GivenCluster;
  readonly pullSecret: PullSecret | undefined;
  /** Of `rollback`: where to; without it the last good one before the present one. */
  readonly revision: number | undefined;
  /** The absolute path of a saved plan that the deploy has to match. */
  readonly planFile: string | undefined;
  /** Whether drift fails the step. */
  readonly onDrift: 'fail' | 'warn';
  /** Whether what people rolled back is deployed again. */
  readonly force: boolean;
  /** Whether the pull request is told of the plan. */
  readonly comment: boolean;
  readonly githubToken: string | undefined;
}

/** Inputs of a mode that is given what is deployed. */
export type SourceInputs = Inputs & { readonly source: Source };

export type UnknownValues = 'warn' | 'fail' | 'ignore';
export type CrdHandling = 'create' | 'upgrade' | 'skip';
export type HelmVersion = '4' | '3' | 'path';

/** An image, and where it goes: a path in the chart's values, or the name that containers have. */
export interface ImageAt {
  readonly path: string;
  /** By digest, or by a tag that is resolved once. */
  readonly image: Reference;
}

/** @throws {AggregateError} of all that is wrong with the inputs */
export async function readInputs(runner: Runner): Promise<ModeOf<Inputs>> {
  const reader = new InputReader(runner.env, runner.mask);
  const workspace = runner.env.GITHUB_WORKSPACE ?? '.';
  const remote = {
    repository: await reader.optional('repository', address),
    version: await reader.optional(given(reader, 'chart-version', 'chartVersion'), text),
    digest: await reader.optional('chart-digest', digest),
  };
  const mode = await reader.required('mode', oneOf(modes, 'a mode'));
  const chart = parseSource(workspace, remote);
  const login = await readGivenLogin(reader);
  for (const { what, remedy } of findIncomplete(login)) reader.conflict(what, remedy);
  const inputs: Inputs = {
    mode,
    source: needsSource(mode)
      ? await reader.required('chart', chart)
      : await reader.optional('chart', chart),
    requirePinned: await reader.required('require-pinned', boolean),
    variables: await readVariables(reader, runner),
    release: await reader.required('release', name("a release's name", 53)),
    namespace: await reader.required('namespace', name('a namespace', 63)),
    createNamespace: await reader.required('create-namespace', boolean),
    values: await reader.optional('values', mapping),
    valueFiles: await filesOfValues(reader, workspace),
    set: (await reader.optional('set', lines(parseSetting))) ?? [],
    secretValues: await reader.confidential('secret-values', secrets(runner)),
    unknownValues: await reader.required(
      'unknown-values',
      oneOf<UnknownValues>(['warn', 'fail', 'ignore'], 'a way to treat unknown values'),
    ),
    images: (await reader.optional('images', lines(imageAt))) ?? [],
    skipUnchanged: await reader.required('skip-unchanged', boolean),
    takeOwnership: await reader.required('take-ownership', boolean),
    crds: await reader.optional(
      'crds',
      oneOf<CrdHandling>(['create', 'upgrade', 'skip'], 'a way to treat definitions'),
    ),
    helmVersion: await reader.required(
      'helm-version',
      oneOf<HelmVersion>(['4', '3', 'path'], 'a version of Helm'),
    ),
    timeoutMs: await reader.required('timeout', timeout),
    concurrency: await reader.required(
      'concurrency',
      oneOf<Concurrency>(['wait', 'fail'], 'a way to treat other jobs'),
    ),
    preflight: await reader.required('preflight', oneOf(preflightModes, 'a mode of the preflight')),
    settleMs: await reader.required('settle', duration),
    verification: await readVerification(reader, mode, workspace),
    cluster: await readCluster(reader, workspace, login),
    pullSecret: await readPullSecret(reader, login),
    ...(await readProofInputs(reader, workspace, login, runner)),
    ...(await readModeInputs(reader, mode, workspace)),
  };
  checkTogether(inputs, reader);
  warnUnknownInputs(reader, runner.log);
  reader.finish();
  // The reader has refused a mode without the source that it needs.
  return Object.freeze(inputs) as ModeOf<Inputs>;
}

/** A DNS label, as Kubernetes and Helm want names (RFC 1123). */
function name(what: string, longest: number): Parse<string> {
  return (given) => {
    const word = given.trim();
    if (word.length <= longest && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(word)) return word;
    throw new InputProblem(
      `is not ${what}`,
      `Write at most ${longest} lower-case letters, digits and hyphens.`,
    );
  };
}

/** The name by which an input was given: its own, or that of an action which ours replaces. */
function given(reader: InputReader, name: string, alias: string): string {
  const both = [name, alias].filter((one) => reader.has(one));
  if (both.length < 2) return both[0] ?? name;
  reader.conflict(`Inputs ${name} and ${alias} are the same.`, `Keep ${name}.`);
  return name;
}

/** Objects have no values, and charts no variables. */
function checkTogether({ source }: Inputs, reader: InputReader): void {
  if (source === undefined) return;
  const isObjects = source.kind === 'manifests' || source.kind === 'kustomization';
  const meaningless = isObjects
    ? ['values', 'value-files', 'valueFiles', 'set', 'secret-values']
    : ['variables', 'secret-variables'];
  for (const name of meaningless.filter((one) => reader.has(one))) {
    reader.conflict(
      `Input ${name}: it means nothing for ${isObjects ? 'manifests' : 'a chart'}.`,
      isObjects
        ? 'Write NAME in braces after a dollar in the manifests and give `variables`, or make it a patch of the kustomization.'
        : 'Give values, or `value-files`.',
    );
  }
}

const address: Parse<string> = (given) => {
  const word = given.trim();
  if (/^https?:\/\/[^\s@]+$/.test(word)) return word.replace(/\/+$/, '');
  throw new InputProblem(
    'is not the address of a chart repository',
    'Write https:// and its host, without a password; a registry goes into `chart` as oci://.',
  );
};

const digest: Parse<string> = (given) => {
  const word = given.trim();
  if (/^sha256:[a-f0-9]{64}$/.test(word)) return word;
  throw new InputProblem('is not a digest', 'Write `sha256:` and 64 hexadecimal digits.');
};

async function readVariables(
  reader: InputReader,
  { mask }: Runner,
): Promise<ReadonlyMap<string, string> | undefined> {
  const plain = await reader.optional('variables', lines(variable));
  const secret = await reader.confidential('secret-variables', async (given) => {
    const read = await lines(variable)(given);
    for (const [, value] of read) for (const part of secretsIn(value)) mask(part);
    return read;
  });
  if (plain === undefined && secret === undefined) return undefined;
  return new Map([...(plain ?? []), ...(secret ?? [])]);
}

function variable(line: string): readonly [string, string] {
  const [, name, value = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
  if (name !== undefined) return [name, value];
  throw new InputProblem('has a line that is not NAME=value', 'Write one `NAME=value` a line.');
}

function secrets({ mask }: Runner): Parse<string> {
  return async (given) => {
    checkSize(given);
    const { parseMapping, YamlProblem } = await import('../../../shared/yaml/parseMapping.ts');
    const { secretsToBytes } = await import('./values/secretsToBytes.ts');
    try {
      parseMapping(given);
      for (const secret of secretsIn(JSON.parse(secretsToBytes(given)))) mask(secret);
    } catch (error) {
      if (!(error instanceof YamlProblem)) throw error;
      // The reader's own words may quote what they are about.
      const at = error.line === undefined ? '' : `: line ${error.line}`;
      throw new InputProblem(`is not a YAML mapping${at}`, 'Write `key: value` lines.');
    }
    return given;
  };
}

const mapping: Parse<string> = async (given) => {
  checkSize(given);
  await checkMapping(given);
  return given;
};

async function filesOfValues(reader: InputReader, workspace: string): Promise<readonly string[]> {
  const read: Parse<readonly string[]> = async (list) => {
    const paths = await lines((line) => resolve(workspace, line))(list);
    for (const path of paths) {
      const content = await readFile(path, 'utf8').catch(() => undefined);
      if (content === undefined) {
        throw new InputProblem(`${path} cannot be read`, 'Write files relative to the workspace.');
      }
      try {
        checkSize(content);
        await checkMapping(content);
      } catch (error) {
        if (!(error instanceof InputProblem)) throw error;
        const name = relative(workspace, path);
        throw new InputProblem(`${name} ${error.message}`, error.remedy);
      }
    }
    return paths;
  };
  return (await reader.optional(given(reader, 'value-files', 'valueFiles'), read)) ?? [];
}

function imageAt(line: string): ImageAt {
  const [, path, reference = ''] = /^([^=\s]+)=(\S+)$/.exec(line) ?? [];
  if (path === undefined) {
    throw new InputProblem(
      `${JSON.stringify(line)} is not path=name@digest`,
      'Write one `path=name@digest` a line; the reference is an output of build-push-image. In place of a path in the values stands the name of the image that it replaces.',
    );
  }
  try {
    return { path, image: parseReference(reference) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `${JSON.stringify(reference)} is not an image: ${error.message}`,
      'Hand on `reference` of build-push-image (name@sha256:…).',
    );
  }
}
