import { InputReader } from '../../../shared/action/InputReader.ts';
import { type Login, readLogin } from '../../../shared/action/login/readLogin.ts';
import { boolean, duration } from '../../../shared/action/parsers.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { warnUnknownInputs } from '../../../shared/action/warnUnknownInputs.ts';
import { type CacheInputs, readCacheInputs } from './caches/readCacheInputs.ts';
import { withoutAnnotations } from './metadata/withoutAnnotations.ts';
import { asksOnly } from './options/asksOnly.ts';
import { decidePush } from './options/decidePush.ts';
import type { BakeInputs } from './options/readBake.ts';
import { type Build, readBuild } from './options/readBuild.ts';
import { readDeed } from './options/readDeed.ts';
import type { MergeInputs } from './options/readMerge.ts';
import { hostsOf, type Named, readNamed, requireTags } from './options/readNamed.ts';
import type { PromoteInputs } from './options/readPromote.ts';
import type { RetentionInputs } from './options/readRetention.ts';
import { readTasks, type TasksWish } from './options/readTasks.ts';
import { readSecretRule, tellOfSecrets } from './options/refuseSecrets.ts';
import { warnIdleInputs } from './options/warnIdleInputs.ts';

/** What is asked of this step, with all that it needs to know. */
export type Wanted =
  | { readonly deed: 'build'; readonly inputs: Inputs }
  | { readonly deed: 'bake'; readonly inputs: BakeInputs }
  | { readonly deed: 'merge'; readonly inputs: MergeInputs }
  | { readonly deed: 'promote'; readonly inputs: PromoteInputs }
  | { readonly deed: 'retention'; readonly inputs: RetentionInputs };

/** Of a build of one image. */
export interface Inputs extends Pick<Named, 'event' | 'metadata' | 'name'> {
  readonly build: Build;
  /** What is done with the image; a push is turned off where the event gives no right to it. */
  readonly push: boolean;
  readonly login: Login;
  /** Where ACR builds it; `undefined` for a builder of BuildKit. */
  readonly tasks: TasksWish | undefined;
  readonly caches: CacheInputs;
  readonly freeDisk: boolean;
  /** How long a push may go on when the registry has a bad day. */
  readonly pushTimeoutMs: number;
  readonly reuse: { readonly unchanged: boolean; readonly maxAgeMs: number };
}

/**
 * @throws {Failure} when it is not clear what is asked for
 * @throws {AggregateError} of all that is wrong with the inputs
 */
export async function readInputs(runner: Runner): Promise<Wanted> {
  const reader = new InputReader(runner.env, runner.mask);
  const deed = readDeed(reader);
  const named = await readNamed(reader, runner);
  const wanted = await read(deed, reader, named, runner);
  warnIdleInputs(reader, deed, runner.log);
  warnUnknownInputs(reader, runner.log);
  reader.finish();
  for (const warning of named.warnings) runner.log.warning(warning);
  return Object.freeze(wanted);
}

/** Most steps build; only the others load how theirs are read. */
async function read(
  deed: Wanted['deed'],
  reader: InputReader,
  named: Named,
  runner: Runner,
): Promise<Wanted> {
  switch (deed) {
    case 'build':
      return { deed, inputs: await readOneBuild(reader, named, runner) };
    case 'bake': {
      const { readBake } = await import('./options/readBake.ts');
      return { deed, inputs: await readBake(reader, named, runner) };
    }
    case 'merge': {
      const { readMerge } = await import('./options/readMerge.ts');
      return { deed, inputs: await readMerge(reader, named, runner) };
    }
    case 'promote': {
      const { readPromote } = await import('./options/readPromote.ts');
      return { deed, inputs: await readPromote(reader, named, runner) };
    }
    case 'retention': {
      const { readRetention } = await import('./options/readRetention.ts');
      return { deed, inputs: await readRetention(reader, named, runner) };
    }
  }
}

async function readOneBuild(reader: InputReader, named: Named, runner: Runner): Promise<Inputs> {
  const given = await readBuild(reader, runner);
  const { event, metadata, name } = named;
  const login = await readLogin(reader, hostsOf(metadata.tags), runner);
  const { build, tasks } = readTasks(
    reader,
    { build: given, login, metadata, name, event },
    runner,
  );
  const inputs: Inputs = {
    ...{ event, name, build, login, tasks },
    metadata: tasks === undefined ? metadata : withoutAnnotations(metadata),
    push: decidePush(reader, named, build, runner),
    caches: await readCacheInputs(reader, runner.env.GITHUB_WORKSPACE ?? '.'),
    freeDisk: await reader.required('free-disk', boolean),
    pushTimeoutMs: await reader.required('push-timeout', duration),
    reuse: {
      unchanged: await reader.required('skip-unchanged', boolean),
      maxAgeMs: await reader.required('max-age', duration),
    },
  };
  // At last, since any input may hold a secret that an argument repeats.
  tellOfSecrets('build-args', given.buildArgs ?? [], await readSecretRule(reader), reader, runner);
  if (inputs.push && build.outputs?.length === 0) requireTags(reader, named);
  const isNamed = reader.has('image') || reader.has('images') || hasReferences(reader, named);
  const isLoaded = build.load || reader.isWrong('load');
  if (!isNamed && !isLoaded && !reader.has('outputs') && !asksOnly(build)) {
    reader.conflict(
      'Input image is required and was not given.',
      'Add `image:` under `with:`, or whole references under `tags:`.',
    );
  }
  return inputs;
}

/** Whether `tags` alone says where the image goes; what is wrong with them is told by themselves. */
function hasReferences(reader: InputReader, { metadata, event }: Named): boolean {
  const isNone = metadata.tags.length === 0 && event.restricted === undefined;
  return reader.has('tags') && (!isNone || reader.isWrong('tags'));
}
