import { relative } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { pin } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { buildImage, imageIdOf } from '../buildImage.ts';
import { openBuildCaches } from '../caches/openBuildCaches.ts';
import { findBuilder } from '../findBuilder.ts';
import { handOn } from '../handOn.ts';
import type { Image } from '../Image.ts';
import type { Inputs } from '../inputs.ts';
import { type LoggedIn, logIn } from '../login/logIn.ts';
import { type Looked, lookForUnchanged } from '../lookForUnchanged.ts';
import { isAddress } from '../options/readContext.ts';
import { planBuild } from '../planBuild.ts';
import { warnBuildChecks } from '../progress/warnBuildChecks.ts';
import { factsBefore, publish } from '../publish.ts';
import { registryClient } from '../registryClient.ts';
import { recordBuilt } from '../unchanged/recordBuilt.ts';

/** Builds an image, or finds the one of the same inputs; pushes it and hands on its digest. */
export async function build(inputs: Inputs, runner: Runner): Promise<void> {
  const pushes = inputs.push ? inputs.metadata.tags : [];
  await using login = await logIn(inputs.login, runner, { pushes });
  const registry = registryClient(login, runner);
  const before = factsBefore(inputs, registry);
  const looked = await lookForUnchanged(inputs, registry, runner);
  if (looked.found !== undefined) await handOn(inputs, looked.found.digest, runner);
  const image =
    looked.found === undefined
      ? await make(inputs, looked, login, registry, runner)
      : found(looked.found.digest, looked.because);
  await publish(image, await before, inputs, registry, runner);
}

function found(digest: NonNullable<Image['digest']>, reason: string): Image {
  const nothing = { metadata: '{}', progress: undefined, durationMs: 0 };
  return { digest, built: false, reason, imageId: digest, ...nothing };
}

async function make(
  inputs: Inputs,
  { because, key }: Looked,
  login: LoggedIn,
  registry: RegistryClient,
  runner: Runner,
): Promise<Image> {
  const { log } = runner;
  const started = performance.now();
  if (inputs.freeDisk) {
    const { freeDisk } = await import('../disk/freeDisk.ts');
    await freeDisk(runner);
  }
  const child = { ...runner, env: { ...runner.env, ...login.env } };
  const needs = { canMultiPlatform: inputs.build.platforms.length > 1 };
  await using builder = await findBuilder(inputs.build.builder, child, undefined, needs);
  const caches = await openBuildCaches(inputs, builder, child, registry);
  const { lastRefusal } = login;
  const tools = { builder, registry, extra: caches.arguments, lastRefusal };
  const built = await buildImage(planBuild(inputs, runner), tools, child);
  const { digest, metadata, progress } = built;
  await handOn(inputs, digest, runner);
  await caches.close(progress.steps, metadata);
  const dockerfile = dockerfileOf(inputs, runner);
  warnBuildChecks(progress, () => dockerfile, log);
  if (inputs.push && digest === undefined) {
    throw new Failure({
      what: 'The builder gave no digest for the image.',
      remedy: 'Use a BuildKit builder (driver docker-container, kubernetes or remote).',
      details: metadata,
    });
  }
  if (inputs.push && digest !== undefined && inputs.name !== undefined && key !== undefined) {
    const image = pin(inputs.name, digest);
    const version = runner.env.GITHUB_ACTION_REF || 'unreleased';
    const recorded = await recordBuilt({ registry, image, build: key, metadata, version });
    if (!recorded.recorded) log.info(`It will not be found again, because ${recorded.because}.`);
  }
  return {
    digest,
    built: true,
    reason: because,
    imageId: digest && imageIdOf(metadata, digest),
    metadata,
    progress,
    durationMs: performance.now() - started,
  };
}

/** Its path in the repository, where it is in it. */
function dockerfileOf({ build }: Inputs, { env }: Runner): string | undefined {
  if (isAddress(build.context)) return undefined;
  const path = relative(env.GITHUB_WORKSPACE ?? '.', build.file ?? `${build.context}/Dockerfile`);
  return path.startsWith('..') ? undefined : path;
}
