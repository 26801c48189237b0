import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markOf, type ProcessMark } from '../../../../shared/process/ProcessMark.ts';

/** What has to be ended when the step has: written before it is made. */
export interface Made {
  /** The step that made it. */
  readonly step: ProcessMark;
  /** A BuildKit of ours, and the program that may remove what it left (rootlesskit), if one must. */
  readonly daemon?: ProcessMark;
  /** Where its content lies. */
  readonly root?: string;
  readonly remover?: string | undefined;
  /** A builder of buildx, in the folder's own configuration. */
  readonly buildx?: {
    readonly program: string;
    readonly prefix: readonly string[];
    readonly name: string;
  };
}

const prefix = 'pa-builder-';

/** A socket's path has at most 108 bytes, and `/buildkitd.sock` and the random part follow. */
const longestParent = 70;

/**
 * Makes a folder for a builder of this step. Not inside the step's own, which goes when the step
 * ends: what is left of a builder is found here afterwards.
 */
export function makeFolder(env: Readonly<Record<string, string | undefined>>): string {
  const parent = parents(env).find((folder) => folder.length <= longestParent) ?? tmpdir();
  return mkdtempSync(join(parent, prefix));
}

/** The folders of all builders on this machine that steps of this runner's user made. */
export function listFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  return parents(env)
    .flatMap((parent) =>
      readdirSync(parent)
        .filter((name) => name.startsWith(prefix))
        .map((name) => join(parent, name)),
    )
    .filter(isOurs);
}

/** Anybody may lay a folder into /tmp, and what is read there decides what is run. */
function isOurs(folder: string): boolean {
  const { uid, mode } = statSync(folder, { throwIfNoEntry: false }) ?? {};
  return uid === process.getuid?.() && mode !== undefined && (mode & 0o022) === 0;
}

function parents({ RUNNER_TEMP }: Readonly<Record<string, string | undefined>>): string[] {
  return [...new Set([RUNNER_TEMP, tmpdir()])].filter(
    (folder): folder is string => folder !== undefined && existsSync(folder),
  );
}

/** Whole or not at all, since a kill may come between any two instructions. */
export function writeMade(folder: string, made: Omit<Made, 'step'>): void {
  const path = join(folder, 'made.json');
  writeFileSync(`${path}.new`, JSON.stringify({ ...made, step: markOf(process.pid) }));
  renameSync(`${path}.new`, path);
}

/** `undefined` where a step has not written it yet, or was killed before it did: nothing was made. */
export function readMade(folder: string): Made | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'made.json'), 'utf8')) as Made;
  } catch {
    return undefined;
  }
}
