import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputProblem, InputReader, type Parse } from '../../../shared/action/InputReader.ts';
import { boolean, lines, text } from '../../../shared/action/parsers.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { warnUnknownInputs } from '../../../shared/action/warnUnknownInputs.ts';
import { parseReference, type Reference } from '../../../shared/oci/Reference.ts';
import { defaultTags } from './defaultTags.ts';

export interface Inputs {
  /** Registry and repository, without tag and digest. */
  readonly image: Reference;
  /** A folder, or an address that BuildKit fetches itself. */
  readonly context: string;
  /** `undefined` for `Dockerfile` in the context. */
  readonly file: string | undefined;
  /** Each with its tag. */
  readonly tags: readonly Reference[];
  readonly buildArgs: readonly string[];
  readonly push: boolean;
  readonly builder: string | undefined;
}

/** @throws {AggregateError} of all that is wrong with the inputs */
export async function readInputs(runner: Runner): Promise<Readonly<Inputs>> {
  const reader = new InputReader(runner.env, runner.mask);
  const workspace = runner.env.GITHUB_WORKSPACE ?? '.';
  const image = await reader.required('image', imageName);
  const context = await reader.required('context', folderOrAddress(workspace));
  const inputs: Inputs = {
    image,
    context,
    file: await reader.optional('file', dockerfile(workspace)),
    tags:
      (await reader.optional('tags', lines(tagOf(image)))) ??
      defaultTags(runner.env).map((tag) => ({ ...image, tag })),
    buildArgs: (await reader.optional('build-args', lines(buildArg))) ?? [],
    push: await reader.required('push', boolean),
    builder: await reader.optional('builder', text),
  };
  if (inputs.file === undefined && context !== undefined && !isAddress(context)) {
    await dockerfileInContext(reader, context);
  }
  warnUnknownInputs(reader, runner.log);
  reader.finish();
  return Object.freeze(inputs);
}

const imageName: Parse<Reference> = (given) => {
  const reference = readReference(given.trim());
  if (reference.tag !== undefined || reference.digest !== undefined) {
    throw new InputProblem('has a tag or a digest', 'Write the name only, and the tags in `tags`.');
  }
  return reference;
};

function readReference(given: string): Reference {
  try {
    return parseReference(given);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `is not an image's name: ${error.message}`,
      'Write it as `registry/path`, such as `acme.azurecr.io/web`.',
    );
  }
}

/** A bare tag belongs to the image; a whole reference stands for itself. */
function tagOf(image: Reference | undefined): (line: string) => Reference {
  return (line) => {
    const bare = /^[\w][\w.-]*$/.test(line);
    const reference = readReference(bare ? `placeholder:${line}` : line);
    if (reference.tag === undefined || reference.digest !== undefined) {
      throw new InputProblem(
        `${JSON.stringify(line)} has no tag, or a digest`,
        'Write one tag a line.',
      );
    }
    return bare && image !== undefined ? { ...image, tag: line } : reference;
  };
}

function buildArg(line: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(line)) return line;
  throw new InputProblem(
    `${JSON.stringify(line)} is not NAME=value`,
    'Write one `NAME=value` a line.',
  );
}

/** What BuildKit fetches itself: a git repository or an archive. */
export function isAddress(context: string): boolean {
  return /^(https?|git|ssh):\/\/|^git@/.test(context);
}

function folderOrAddress(workspace: string): Parse<string> {
  return async (given) => {
    const context = given.trim();
    if (isAddress(context)) return context;
    const folder = resolve(workspace, context);
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return folder;
    throw new InputProblem(
      found === undefined ? 'is not there' : 'is not a folder',
      'Write a folder relative to the workspace, and check the code out in an earlier step.',
    );
  };
}

function dockerfile(workspace: string): Parse<string> {
  return async (given) => {
    const path = resolve(workspace, given.trim());
    if ((await stat(path).catch(() => undefined))?.isFile()) return path;
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
