import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '../../../../../shared/action/Runner.ts';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import { type Digest, parseDigest } from '../../../../../shared/oci/Reference.ts';
import { type Run, run } from '../../../../../shared/process/run.ts';
import type { Builder } from '../../findBuilder.ts';

/**
 * Builds a Dockerfile of ours that needs no context.
 *
 * @param output the value of `--output`
 * @returns the digest of what was pushed, where that was asked for
 * @throws {Failure} with BuildKit's own words
 */
export type HelperBuild = (
  dockerfile: string,
  output: string,
  annotations?: Readonly<Record<string, string>>,
) => Promise<Digest | undefined>;

export interface HelperBuildOptions {
  readonly builder: Builder;
  readonly runner: Pick<Runner, 'log' | 'signal' | 'tempDir' | 'secrets'>;
  /** As the user's build has them: an image of a stage may be one of these. */
  readonly buildContexts: readonly string[];
  readonly buildArgs: readonly string[];
  readonly run?: Run;
}

/** By this build argument BuildKit parts the mounts of one builder. */
const namespace = /^BUILDKIT_CACHE_MOUNT_NS=/;

export function helperBuild(options: HelperBuildOptions): HelperBuild {
  const { builder, runner, buildContexts, buildArgs, run: runProgram = run } = options;
  let number = 0;
  return async (dockerfile, output, annotations = {}) => {
    const folder = join(runner.tempDir, 'cache-mounts');
    await mkdir(folder, { recursive: true });
    number += 1;
    const metadataFile = join(folder, `metadata-${number}.json`);
    const outcome = await runProgram({
      program: builder.program,
      args: [
        ...builder.prefix,
        'build',
        ...(builder.name === undefined ? [] : ['--builder', builder.name]),
        ...buildContexts.flatMap((context) => ['--build-context', context]),
        ...buildArgs
          .filter((argument) => namespace.test(argument))
          .flatMap((argument) => ['--build-arg', argument]),
        ...Object.entries(annotations).flatMap(([name, value]) => [
          '--annotation',
          `manifest:${name}=${value}`,
        ]),
        ...['--provenance', 'false', '--progress', 'plain', '--metadata-file', metadataFile],
        ...['--output', output, '-'],
      ],
      // The Dockerfile alone: nothing of the workspace is sent.
      input: dockerfile,
      env: builder.env,
      secrets: runner.secrets,
      signal: runner.signal,
      onLine: (line) => runner.log.untrusted(line),
    });
    runner.signal.throwIfAborted();
    if (outcome.exitCode !== 0) {
      const said = (outcome.startError ?? outcome.stderr).trim().split('\n');
      const error = said.findLast((line) => line.startsWith('ERROR:')) ?? said.at(-1);
      throw new Failure({ what: 'The builder could not do it.', why: error });
    }
    return readDigest(metadataFile);
  };
}

async function readDigest(metadataFile: string): Promise<Digest | undefined> {
  const metadata = JSON.parse(await readFile(metadataFile, 'utf8')) as Record<string, unknown>;
  const digest = metadata['containerimage.digest'];
  return typeof digest === 'string' ? parseDigest(digest) : undefined;
}
