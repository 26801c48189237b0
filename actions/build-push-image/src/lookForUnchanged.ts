import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { sentence } from '../../../shared/failure/sentence.ts';
import type { Manifest } from '../../../shared/oci/Manifest.ts';
import { formatReference, type Reference } from '../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import type { Inputs } from './inputs.ts';
import { isAddress } from './options/readContext.ts';
import { type BuildKey, buildKey, type KeyInputs } from './unchanged/buildKey.ts';
import { absoluteContexts } from './unchanged/describeContexts.ts';
import { findBuilt } from './unchanged/findBuilt.ts';
import { lastingLabels } from './unchanged/lastingLabels.ts';
import { setTags } from './unchanged/setTags.ts';

/** What came of looking; `because` is a sentence. */
export interface Looked {
  /** The image of the same inputs, tagged; `undefined` when it has to be built. */
  readonly found: Manifest | undefined;
  readonly because: string;
  /** Under which later builds shall find it; `undefined` where that cannot be decided. */
  readonly key: BuildKey | undefined;
}

/**
 * Looks whether the registry has an image that was built from the same inputs, and tags it. No builder
 * is asked: it takes a few requests.
 *
 * @throws {Failure} when the registry does not let it be tagged
 */
export async function lookForUnchanged(
  inputs: Inputs,
  registry: RegistryClient,
  { env, signal }: Pick<Runner, 'env' | 'signal'>,
): Promise<Looked> {
  const because = whyNotAtAll(inputs);
  const image = inputs.name;
  if (because !== undefined || image === undefined) {
    return { found: undefined, because: notFound(because), key: undefined };
  }
  const build = await buildKey(keyInputs(inputs, env), registry, signal);
  if (build.key === undefined) {
    return { found: undefined, because: notFound(build.because), key: undefined };
  }
  const { key } = build;
  const { maxAgeMs } = inputs.reuse;
  const looked = await findBuilt({ registry, image, key, maxAgeMs });
  if (!looked.found) {
    return { found: undefined, because: notFound(looked.because), key: build };
  }
  await setTags(registry, looked.manifest, inputs.metadata.tags.filter(isTagged));
  return { found: looked.manifest, because: `It was found: ${looked.because}.`, key: build };
}

export function isTagged(reference: Reference): reference is Reference & { readonly tag: string } {
  return reference.tag !== undefined;
}

function whyNotAtAll({ reuse, push, build, metadata, name }: Inputs): string | undefined {
  if (!reuse.unchanged) return 'skip-unchanged is off';
  if (!push || name === undefined) return 'nothing is pushed';
  if (build.outputs.length > 0) return 'outputs asks for more than an image in the registry';
  const { registry, repository } = name;
  const elsewhere = metadata.tags.find(
    (tag) => tag.registry !== registry || tag.repository !== repository,
  );
  return elsewhere && `${formatReference(elsewhere)} is in another repository`;
}

function keyInputs({ build, metadata, event }: Inputs, env: Runner['env']): KeyInputs {
  const { context, file, passedOn, attestations } = build;
  const { 'build-contexts': contexts = [], ssh = [], target, ...others } = passedOn;
  const { 'no-cache': noCache, 'no-cache-filters': filters, pull, ...options } = others;
  // Where layers are kept changes nothing of the image.
  const { 'cache-from': _, 'cache-to': __, ...rest } = options;
  return {
    context,
    dockerfile: isAddress(context) ? '' : (file ?? join(context, 'Dockerfile')),
    buildArgs: pairs(build.buildArgs),
    target: target?.[0],
    platforms: build.platforms.length > 0 ? build.platforms : [ownPlatform()],
    labels: lastingLabels(linesOf(metadata.labels), event.sha),
    annotations: lastingLabels(metadata.annotations, event.sha),
    contexts: absoluteContexts(pairs(contexts), env.GITHUB_WORKSPACE ?? '.'),
    secrets: build.secrets.map(({ id }) => id),
    ssh,
    options: {
      ...rest,
      provenance: attestations.provenance ?? '',
      sbom: attestations.sbom ?? '',
      attests: attestations.attests,
      time: env.SOURCE_DATE_EPOCH ?? '',
      // A builder elsewhere may be of another architecture, where none is asked for.
      builder: build.platforms.length > 0 ? '' : (build.builder ?? env.BUILDKIT_HOST ?? ''),
    },
    noCache: noCache !== undefined || filters !== undefined,
    pull: pull !== undefined,
  };
}

export function linesOf(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}

/** Some of what others say ends as a sentence already. */
export function notFound(because = ''): string {
  return sentence(`It was built, because ${because}`);
}

function pairs(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}

/** What the builder most likely is, where it need not be asked for anything else. */
export function ownPlatform(): string {
  return `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
}
