import { type LoggedIn, logIn } from '../../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Manifest } from '../../../../shared/oci/Manifest.ts';
import { pin } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { readManifest } from '../../../../shared/oci/readManifest.ts';
import { buildImage, imageIdOf } from '../buildImage.ts';
import { openBuildCaches } from '../caches/openBuildCaches.ts';
import { findBuilder } from '../findBuilder.ts';
import { handOn } from '../handOn.ts';
import type { Image } from '../Image.ts';
import type { Inputs } from '../inputs.ts';
import { type Looked, lookForUnchanged } from '../lookForUnchanged.ts';
import { planBuild } from '../planBuild.ts';
import { warnBuildChecks } from '../progress/warnBuildChecks.ts';
import { factsBefore, publish } from '../publish.ts';
import { registryClient } from '../registryClient.ts';
import { metadataOfFound } from '../unchanged/metadataOfFound.ts';
import { recordImage } from '../unchanged/recordImage.ts';
import { dockerfileOf } from './dockerfileOf.ts';

/** Builds an image, or finds the one of the same inputs; pushes it and hands on its digest. */
export async function build(inputs: Inputs, runner: Runner): Promise<void> {
  const pushes = inputs.push ? inputs.metadata.tags : [];
  await using login = await logIn(inputs.login, runner, { pushes });
  const registry = registryClient(login, runner);
  const looked = await lookForUnchanged(inputs, registry, runner);
  if (looked.found !== undefined) {
    const known = metadataOfFound(inputs.metadata, undefined);
    handOn({ ...inputs, metadata: known }, looked.found.digest, runner);
    return await publish(found(looked.found, looked.because), undefined, inputs, registry, runner);
  }
  const before = factsBefore(inputs, registry);
  const image = await make(inputs, looked, login, registry, runner);
  // The outputs are written by now: what is told of the image, and for later builds, waits for nothing.
  await Promise.all([
    before.then((facts) => publish(image, facts, inputs, registry, runner)),
    record(image, looked, inputs, registry, runner),
  ]);
}

async function record(
  { digest, metadata }: Image,
  { key }: Looked,
  { name, push }: Inputs,
  registry: RegistryClient,
  runner: Runner,
): Promise<void> {
  if (!push || digest === undefined || name === undefined || key === undefined) return;
  await recordImage(pin(name, digest), key, metadata, registry, runner);
}

function found(manifest: Manifest, reason: string): Image {
  const { digest } = manifest;
  const { config } = readManifest(manifest.bytes, digest);
  const nothing = { metadata: '{}', progress: undefined, durationMs: 0 };
  return { digest, built: false, reason, imageId: config?.digest ?? digest, manifest, ...nothing };
}

async function make(
  inputs: Inputs,
  looked: Looked,
  login: LoggedIn,
  registry: RegistryClient,
  runner: Runner,
): Promise<Image> {
  const { tasks } = inputs;
  if (tasks === undefined) return makeByBuilder(inputs, looked, login, registry, runner);
  const { makeByTasks } = await import('../tasks/makeByTasks.ts');
  return makeByTasks(inputs, tasks, looked, runner);
}

async function makeByBuilder(
  inputs: Inputs,
  { because }: Looked,
  login: LoggedIn,
  registry: RegistryClient,
  runner: Runner,
): Promise<Image> {
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
  handOn(inputs, digest, runner);
  await caches.close(progress.steps, metadata);
  const dockerfile = dockerfileOf(inputs, runner);
  warnBuildChecks(progress, () => dockerfile, runner.log);
  if (inputs.push && digest === undefined) {
    throw new Failure({
      what: 'The builder gave no digest for the image.',
      remedy: 'Use a BuildKit builder (driver docker-container, kubernetes or remote).',
      details: metadata,
    });
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
