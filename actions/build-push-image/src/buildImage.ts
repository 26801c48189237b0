import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure, type FailureParts } from '../../../shared/failure/Failure.ts';
import { pushLayout } from '../../../shared/oci/pushLayout.ts';
import { type Digest, parseDigest } from '../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import type { Run } from '../../../shared/process/run.ts';
import { type BuildPlan, buildArguments } from './buildArguments.ts';
import { explainForeign, metForeign } from './builders/emulation.ts';
import { classifyPushFailure, type PushFailure } from './classifyPushFailure.ts';
import {
  explainBuildFailure,
  isDiskFull,
  lostBuilder,
  withoutPrefix,
} from './explainBuildFailure.ts';
import type { Builder } from './findBuilder.ts';
import { asksOnly } from './options/asksOnly.ts';
import { isAddress } from './options/readContext.ts';
import type { BuildWarning } from './progress/BuildProgress.ts';
import { readChecks } from './progress/readChecks.ts';
import { warnBuildChecks } from './progress/warnBuildChecks.ts';
import { type Ran, runBuildx } from './runBuildx.ts';

export interface Built extends Ran {
  /** `undefined` where the output is no image. */
  readonly digest: Digest | undefined;
  readonly metadata: string;
}

export interface BuildTools {
  readonly builder: Builder;
  readonly registry: RegistryClient;
  /** More of the command line: the caches. */
  readonly extra: readonly string[];
  /** Why a login failed meanwhile, if it did: the cause of what the builder then says. */
  readonly lastRefusal: () => Failure | undefined;
  readonly run?: Run | undefined;
}

/**
 * Builds, and pushes. When a push of BuildKit's fails by what may pass, the image is taken from the
 * builder's cache and pushed by us, with more patience: no RUN step runs twice for it. A builder that
 * went away is asked once more.
 *
 * @throws {Failure} that names the cause, on the line of the Dockerfile where there is one
 */
export async function buildImage(
  plan: BuildPlan,
  tools: BuildTools,
  runner: Runner,
): Promise<Built> {
  const metadataFile = join(runner.tempDir, 'metadata.json');
  const command = buildArguments(plan, tools.builder, metadataFile, { extra: tools.extra });
  let ran = await runBuildx(command, tools.builder, runner, tools.run);
  if (hasLostBuilder(ran)) {
    runner.log.warning('The builder went away in mid-build. It is asked once more.');
    ran = await runBuildx(command, tools.builder, runner, tools.run);
  }
  if (ran.outcome.exitCode === 0) {
    const metadata = await readFile(metadataFile, 'utf8').catch(() => '{}');
    return { ...ran, metadata, digest: readDigest(metadata) };
  }
  const failure = plan.push ? classifyPushFailure(ran.progress.lastWords) : undefined;
  if (failure !== undefined && failure.kind !== 'final') {
    return { ...ran, ...(await pushAgain(failure, plan, tools, runner)) };
  }
  throw await explain(ran, plan, tools, runner);
}

/** Exports the image from the builder's cache, and pushes it. */
async function pushAgain(
  { reference, why }: PushFailure,
  plan: BuildPlan,
  tools: BuildTools,
  runner: Runner,
): Promise<Pick<Built, 'digest' | 'metadata'>> {
  const { log, tempDir, signal } = runner;
  log.untrusted(`The push of ${reference} failed: ${why}`);
  log.info('The image is built; it is taken from the builder and pushed with more patience.');
  const layout = join(tempDir, 'layout');
  const metadataFile = join(tempDir, 'metadata-again.json');
  const command = buildArguments(plan, tools.builder, metadataFile, { exportTo: layout });
  try {
    const ran = await runBuildx(command, tools.builder, runner, tools.run);
    if (ran.outcome.exitCode !== 0) throw await explain(ran, plan, tools, runner);
    const { digest } = await pushLayout({
      layout,
      references: plan.metadata.tags,
      client: tools.registry,
      log,
      tempDir,
      signal,
      deadlineMs: plan.pushTimeoutMs,
    });
    return { digest, metadata: await readFile(metadataFile, 'utf8') };
  } finally {
    await rm(layout, { recursive: true, force: true });
  }
}

/** The connection to BuildKit broke, not one of BuildKit's to somebody else. */
function hasLostBuilder({ outcome, progress }: Ran): boolean {
  if (outcome.exitCode === 0) return false;
  const [last = ''] = progress.lastWords.trim().split('\n').slice(-1);
  return last.startsWith('ERROR: ') && lostBuilder.test(withoutPrefix(last));
}

async function explain(
  { outcome, progress }: Ran,
  { build }: BuildPlan,
  { builder, lastRefusal }: BuildTools,
  runner: Runner,
): Promise<Failure> {
  const said = outcome.startError ?? progress.lastWords;
  const refusal = lastRefusal();
  if (refusal !== undefined && /credentials|denied|unauthorized|401|403/i.test(said))
    return refusal;
  const dockerfile = build.file ?? join(build.context, 'Dockerfile');
  const file = isAddress(build.context)
    ? (build.file ?? 'Dockerfile')
    : relative(runner.env.GITHUB_WORKSPACE ?? '.', dockerfile);
  const checks = asksOnly(build) ? readChecks(outcome.stdout) : [];
  if (checks.length > 0) return checksFailed(checks, file, runner);
  const parts = explainBuildFailure(said, file, nameOf(build.builder, runner));
  if (metForeign(said)) {
    return new Failure({ ...parts, ...explainForeign(build.platforms, builder.platforms) });
  }
  if (isDiskFull(said)) return diskFull(parts, runner);
  return new Failure(parts);
}

/** `call: check` ends so; each warning is on its line. */
function checksFailed(checks: readonly BuildWarning[], file: string, { log }: Runner): Failure {
  warnBuildChecks({ warnings: checks, moreWarnings: 0 }, () => file, log, 1);
  const count = checks.length === 1 ? 'a warning' : `${checks.length} warnings`;
  return new Failure({
    what: `The checks of the Dockerfile have ${count}.`,
    remedy: 'Mend the lines; `# check=skip=RULE` above the first of them leaves a rule out.',
  });
}

/** With its address, where there is one: it may come from a place that nobody thinks of. */
function nameOf(builder: string | undefined, { env }: Runner): string {
  if (builder !== undefined) return `The builder ${builder}`;
  return env.BUILDKIT_HOST ? `The builder ${env.BUILDKIT_HOST} (BUILDKIT_HOST)` : 'The builder';
}

/** What fills the disk is only known here, where it is the builder's as well, as on most runners. */
async function diskFull(parts: FailureParts, { env }: Runner): Promise<Failure> {
  const { largestConsumers } = await import('./disk/largestConsumers.ts');
  const { largest } = await largestConsumers('/', env);
  const list = largest.map(
    ({ path, bytes }) => `${(bytes / 1e9).toFixed(1).padStart(8)} GB  ${path}`,
  );
  return new Failure({
    ...parts,
    remedy: `${parts.remedy ?? ''} On a GitHub-hosted runner \`free-disk: true\` removes toolchains that are not used.`,
    details: ['The largest folders of this machine:', ...list, '', parts.details ?? ''].join('\n'),
  });
}

/** BuildKit's metadata name the digest of an image, when there is one. */
function readDigest(metadata: string): Digest | undefined {
  const fields = JSON.parse(metadata) as Record<string, unknown>;
  const digest = fields['containerimage.digest'];
  return typeof digest === 'string' ? parseDigest(digest) : undefined;
}

/** Digest of the image's configuration; where several platforms have one each, of the image. */
export function imageIdOf(metadata: string, digest: Digest): string {
  const fields = JSON.parse(metadata) as Record<string, unknown>;
  const id = fields['containerimage.config.digest'];
  return typeof id === 'string' ? id : digest;
}
