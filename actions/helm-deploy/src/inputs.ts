import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkMapping } from '../../../shared/action/checkMapping.ts';
import { InputProblem, InputReader, type Parse } from '../../../shared/action/InputReader.ts';
import { kubeconfig } from '../../../shared/action/kubeconfig.ts';
import { boolean, duration, lines, oneOf, timeout } from '../../../shared/action/parsers.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { warnUnknownInputs } from '../../../shared/action/warnUnknownInputs.ts';
import type { Kubeconfig } from '../../../shared/kube/findKubeconfig.ts';
import { type PinnedReference, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { type PreflightMode, preflightModes } from './preflightMode.ts';

export interface Inputs {
  /** An absolute path, or an `oci://` address. */
  readonly chart: string;
  readonly release: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  /** YAML of a mapping, as it was given. */
  readonly values: string | undefined;
  /** Absolute paths. */
  readonly valueFiles: readonly string[];
  readonly images: readonly ImageAt[];
  readonly timeoutMs: number;
  readonly preflight: PreflightMode;
  /** How long everything has to stay ready. */
  readonly settleMs: number;
  readonly kubeconfig: Kubeconfig | undefined;
}

/** An image, and where the chart's values want it. */
export interface ImageAt {
  readonly path: string;
  readonly image: PinnedReference;
}

/** @throws {AggregateError} of all that is wrong with the inputs */
export async function readInputs(runner: Runner): Promise<Readonly<Inputs>> {
  const reader = new InputReader(runner.env, runner.mask);
  const workspace = runner.env.GITHUB_WORKSPACE ?? '.';
  const inputs: Inputs = {
    chart: await reader.required('chart', chart(workspace)),
    release: await reader.required('release', name("a release's name", 53)),
    namespace: await reader.required('namespace', name('a namespace', 63)),
    createNamespace: await reader.required('create-namespace', boolean),
    values: await reader.optional('values', mapping),
    valueFiles: await filesOfValues(reader, workspace),
    images: (await reader.optional('images', lines(imageAt))) ?? [],
    timeoutMs: await reader.required('timeout', timeout),
    preflight: await reader.required('preflight', oneOf(preflightModes, 'a mode of the preflight')),
    settleMs: await reader.required('settle', duration),
    kubeconfig: await reader.confidential('kubeconfig', kubeconfig(workspace)),
  };
  warnUnknownInputs(reader, runner.log);
  reader.finish();
  return Object.freeze(inputs);
}

function chart(workspace: string): Parse<string> {
  return async (given) => {
    const address = given.trim();
    if (address.startsWith('oci://')) return address;
    const path = resolve(workspace, address);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) {
      throw new InputProblem(
        'is not there',
        'Write a folder or .tgz relative to the workspace, or an oci:// address; check the code out in an earlier step.',
      );
    }
    if (found.isFile() && /\.t(ar\.)?gz$/.test(path)) return path;
    if (found.isDirectory() && (await stat(join(path, 'Chart.yaml')).catch(() => undefined)))
      return path;
    throw new InputProblem(
      'is not a chart: there is no Chart.yaml in it',
      "Write the chart's own folder.",
    );
  };
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

const mapping: Parse<string> = async (given) => {
  await checkMapping(given);
  return given;
};

async function filesOfValues(reader: InputReader, workspace: string): Promise<readonly string[]> {
  const read: Parse<readonly string[]> = async (given) => {
    const paths = await lines((line) => resolve(workspace, line))(given);
    for (const path of paths) {
      const content = await readFile(path, 'utf8').catch(() => undefined);
      if (content === undefined) {
        throw new InputProblem(`${path} cannot be read`, 'Write files relative to the workspace.');
      }
      await checkMapping(content);
    }
    return paths;
  };
  return (await reader.optional('value-files', read)) ?? [];
}

function imageAt(line: string): ImageAt {
  const [, path, reference = ''] = /^([^=\s]+)=(\S+)$/.exec(line) ?? [];
  if (path === undefined) {
    throw new InputProblem(
      `${JSON.stringify(line)} is not path=name@digest`,
      'Write one `path=name@digest` a line; the reference is an output of build-push-image.',
    );
  }
  try {
    const parsed = parseReference(reference);
    if (parsed.digest === undefined) throw new SyntaxError('it has no digest');
    return { path, image: pin(parsed, parsed.digest) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `${JSON.stringify(reference)} is not an image by digest: ${error.message}`,
      'Hand on `reference` of build-push-image (name@sha256:…).',
    );
  }
}
