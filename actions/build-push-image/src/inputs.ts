import { InputReader } from '../../../shared/action/InputReader.ts';
import { boolean, duration } from '../../../shared/action/parsers.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { warnUnknownInputs } from '../../../shared/action/warnUnknownInputs.ts';
import type { Reference } from '../../../shared/oci/Reference.ts';
import { type CacheInputs, readCacheInputs } from './caches/readCacheInputs.ts';
import { type Login, readLogin } from './login/readLogin.ts';
import type { GitEvent } from './metadata/GitEvent.ts';
import { type Metadata, makeMetadata } from './metadata/makeMetadata.ts';
import { readEvent } from './metadata/readEvent.ts';
import { readOptions } from './metadata/readOptions.ts';
import { asksOnly } from './options/asksOnly.ts';
import { type Build, readBuild } from './options/readBuild.ts';
import { type Naming, readNaming } from './options/readNaming.ts';

export interface Inputs {
  readonly event: GitEvent;
  readonly build: Build;
  /** Names, tags, labels and annotations, all rules applied. */
  readonly metadata: Metadata;
  /** Where the image is first of all; `undefined` when it has no name. */
  readonly name: Reference | undefined;
  /** What is done with the image; a push is turned off where the event gives no right to it. */
  readonly push: boolean;
  readonly login: Login;
  readonly caches: CacheInputs;
  readonly freeDisk: boolean;
  /** How long a push may go on when the registry has a bad day. */
  readonly pushTimeoutMs: number;
  readonly reuse: { readonly unchanged: boolean; readonly maxAgeMs: number };
}

/** @throws {AggregateError} of all that is wrong with the inputs */
export async function readInputs(runner: Runner): Promise<Readonly<Inputs>> {
  const reader = new InputReader(runner.env, runner.mask);
  const event = await readEvent(runner.env);
  const naming = await readNaming(reader);
  const build = await readBuild(reader, runner);
  const metadata = await nameImage(naming, event, runner);
  const { tags } = metadata;
  const inputs: Inputs = {
    event,
    build,
    metadata,
    name: naming.images[0] ?? tags[0],
    push: decidePush(reader, naming, build, event, runner),
    login: await readLogin(reader, [...new Set(tags.map(({ registry }) => registry))], runner),
    caches: await readCacheInputs(reader, runner.env.GITHUB_WORKSPACE ?? '.'),
    freeDisk: await reader.required('free-disk', boolean),
    pushTimeoutMs: await reader.required('push-timeout', duration),
    reuse: {
      unchanged: await reader.required('skip-unchanged', boolean),
      maxAgeMs: await reader.required('max-age', duration),
    },
  };
  const isNamed =
    reader.has('image') || reader.has('images') || hasReferences(reader, naming, metadata);
  if (!isNamed && !build.load && build.outputs?.length === 0 && !asksOnly(build)) {
    reader.conflict(
      'Input image is required and was not given.',
      'Add `image:` under `with:`, or whole references under `tags:`.',
    );
  }
  warnUnknownInputs(reader, runner.log);
  reader.finish();
  if (naming.rules !== undefined) {
    for (const warning of metadata.warnings) runner.log.warning(warning);
  }
  return Object.freeze(inputs);
}

/** @throws {Failure} that names the line whose expressions are wrong */
function nameImage(naming: Naming, event: GitEvent, { env }: Runner): Promise<Metadata> {
  const wholeOnly = naming.images.length === 0 && naming.rules === undefined;
  return makeMetadata({
    ...naming,
    ...readOptions(env),
    // Without a name there is nothing that default tags could be tags of.
    ...(wholeOnly && { rules: [] }),
    event,
    now: new Date(),
  });
}

/** Whether `tags` alone says where the image goes; what is wrong with them is told by themselves. */
function hasReferences(reader: InputReader, { rules }: Naming, { tags }: Metadata): boolean {
  return reader.has('tags') && (rules === undefined || tags.length > 0);
}

/**
 * Pushed when it is said; when it is not, an image that is named by `image` is, and one that only has
 * `tags` is not (as in docker/build-push-action).
 */
function decidePush(
  reader: InputReader,
  { images }: Naming,
  build: Build,
  { restricted }: GitEvent,
  { log }: Runner,
): boolean {
  const { push, load, outputs } = build;
  if (push === true && load) {
    reader.conflict('Inputs push and load are both true.', 'Leave one of them out.');
  }
  if (asksOnly(build)) return false;
  const wanted = push ?? (images.length > 0 && !load && outputs.length === 0);
  if (!wanted || restricted === undefined) return wanted;
  const whose = restricted === 'fork' ? 'a fork' : 'Dependabot';
  log.notice(
    `The image is built and not pushed: a pull request from ${whose} has neither secrets nor an identity of its own.`,
  );
  return false;
}
