import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { type Digest, formatReference, parseDigest, pin } from '../../../shared/oci/Reference.ts';
import { type Run, run } from '../../../shared/process/run.ts';
import { buildArguments } from './buildArguments.ts';
import { explainBuildFailure } from './explainBuildFailure.ts';
import type { Builder } from './findBuilder.ts';
import type { Inputs } from './inputs.ts';

export interface Built {
  readonly digest: Digest;
  /** `name@digest`. */
  readonly reference: string;
  /** The full names with tags. */
  readonly tags: readonly string[];
  /** BuildKit's metadata, JSON. */
  readonly metadata: string;
  readonly durationMs: number;
}

/** @throws {Failure} that names the cause, on the line of the Dockerfile where there is one */
export async function buildImage(
  inputs: Inputs,
  builder: Builder,
  runner: Runner,
  runProgram: Run = run,
): Promise<Built> {
  const { log, signal, tempDir, secrets } = runner;
  const metadataFile = join(tempDir, 'metadata.json');
  const tags = inputs.tags.map(formatReference);
  const outcome = await log.group(`Build ${tags[0] ?? formatReference(inputs.image)}`, () =>
    runProgram({
      program: builder.program,
      args: buildArguments(inputs, builder, metadataFile),
      env: builder.env,
      secrets,
      signal,
      onLine: (line) => log.untrusted(line),
    }),
  );
  signal.throwIfAborted();
  if (outcome.exitCode !== 0) {
    const dockerfile = inputs.file ?? join(inputs.context, 'Dockerfile');
    const file = relative(runner.env.GITHUB_WORKSPACE ?? '.', dockerfile);
    throw new Failure(explainBuildFailure(outcome.startError ?? outcome.stderr, file));
  }
  const metadata = await readFile(metadataFile, 'utf8');
  const digest = readDigest(metadata);
  return {
    digest,
    reference: formatReference(pin(inputs.image, digest)),
    tags,
    metadata,
    durationMs: outcome.durationMs,
  };
}

function readDigest(metadata: string): Digest {
  const fields = JSON.parse(metadata) as Record<string, unknown>;
  const digest = fields['containerimage.digest'];
  if (typeof digest === 'string') return parseDigest(digest);
  throw new Failure({
    what: 'The builder gave no digest for the image.',
    remedy: 'Use a BuildKit builder (driver docker-container, kubernetes or remote).',
    details: metadata,
  });
}
