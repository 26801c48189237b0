import type { Run } from '../../../../shared/process/run.ts';
import { allCapabilities, type Builder, type Buildx, type Capabilities } from './Builder.ts';

/** What `buildx inspect` tells of a builder. */
export interface Inspection extends Capabilities {
  readonly name: string;
  /** Empty when even that is not known, since docker does not answer. */
  readonly driver: string;
  /** Why it, or one of its nodes, does not answer. */
  readonly error: string | undefined;
  /** `undefined` while it has not been started: buildx starts it for the build. */
  readonly platforms: readonly string[] | undefined;
}

/** A builder somewhere else may be slow, but then a build there is no better. */
const deadlineMs = 60_000;

/** Asks a builder what it is; the current one, where no name is given. */
export async function inspectBuilder(
  buildx: Buildx,
  name: string | undefined,
  signal: AbortSignal,
  run: Run,
): Promise<Inspection | { readonly refused: string }> {
  const { exitCode, stdout, stderr, startError } = await run({
    program: buildx.program,
    args: [...buildx.prefix, 'inspect', ...(name === undefined ? [] : [name])],
    env: buildx.env,
    signal,
    deadlineMs,
  });
  signal.throwIfAborted();
  if (exitCode === 0) return parseInspection(stdout);
  return { refused: startError ?? stderr.trim() };
}

/** What a builder can run; one that was made for the step is asked only here. */
export async function platformsOf(
  builder: Builder,
  signal: AbortSignal,
  run: Run,
): Promise<readonly string[] | undefined> {
  if (builder.platforms !== undefined) return builder.platforms;
  const seen = await inspectBuilder(builder, builder.name, signal, run);
  return 'refused' in seen ? undefined : seen.platforms;
}

/** Reads the table that people are shown; buildx has no other form of it for all its versions. */
export function parseInspection(text: string): Inspection {
  const fields = [...text.matchAll(/^[ \t]*([\w.\- ]+):[ \t]*(.*)$/gm)].map(
    ([, field = '', value = '']) => [field.trim(), value.trim()] as const,
  );
  const first = (wanted: string) => fields.find(([field]) => field === wanted)?.[1];
  const driver = first('Driver') ?? '';
  const platforms = fields
    .filter(([field]) => field === 'Platforms')
    .flatMap(([, value]) => value.split(','))
    // A star marks what somebody set by hand.
    .map((platform) => platform.trim().replace(/\*$/, ''))
    .filter((platform) => platform !== '');
  // By this label buildx itself knows a docker engine that keeps images in containerd.
  const snapshotter = fields.some(
    ([field]) => field === 'org.mobyproject.buildkit.worker.snapshotter',
  );
  const can = driver !== '' && (driver !== 'docker' || snapshotter);
  return {
    name: first('Name') ?? '',
    driver,
    error: first('Error'),
    platforms: platforms.length === 0 ? undefined : [...new Set(platforms)],
    ...(can
      ? allCapabilities
      : { canCacheExport: false, canAttest: false, canMultiPlatform: false }),
  };
}
