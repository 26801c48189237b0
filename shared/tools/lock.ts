import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One released archive, with the sum that **we** keep: the publisher's own can be moved with it. */
export interface Archive {
  readonly url: string;
  readonly sha256: string;
  /** Where the program lies in the archive; absent when what is downloaded is the program itself. */
  readonly path?: string;
}

/** A program at one version. See tools.lock.json. */
export interface LockedTool {
  readonly version: string;
  /** Arguments that make the program print its version, and the pattern that finds it there. */
  readonly versionArgs: readonly string[];
  readonly versionPattern: string;
  /** By `<platform>-<arch>` as Node names them. An archive whose sum was not seen is absent. */
  readonly archives: Readonly<Record<string, Archive>>;
  /** The folder that the program needs beside it: its name in the archive, and in its Go module. */
  readonly data?: string;
  /** Who signs the releases, for whoever moves the version. */
  readonly signer?: string;
  /** How it is built from the Go module proxy, whose sums are in the module's go.sum. */
  readonly go?: {
    /** The folder of the go.mod that pins it, relative to the lock file. */
    readonly module: string;
    readonly package: string;
    /** The module that has the folder `data`, where there is one. */
    readonly source?: string;
    readonly ldflags?: string;
    readonly env?: Readonly<Record<string, string>>;
    /** About how long a first build takes on two cores, so that a person knows what to expect. */
    readonly minutes: number;
  };
}

export interface ToolLock {
  /** The folder of the lock file. */
  readonly folder: string;
  readonly tools: Readonly<Record<string, LockedTool>>;
}

/** Reads a lock file. */
export function readLock(path: string): ToolLock {
  const { tools } = JSON.parse(readFileSync(path, 'utf8')) as Pick<ToolLock, 'tools'>;
  return { folder: dirname(path), tools };
}

/**
 * The lock of the programs that actions run. The runner checks out the whole repository, so the
 * file is two folders above a bundle in `dist/` just as it is above this one.
 */
export function actionsLock(here = import.meta.dirname): ToolLock {
  const root = here.endsWith('dist') ? dirname(here) : dirname(dirname(here));
  return readLock(join(root, 'shared', 'tools', 'tools.lock.json'));
}
