import { isAbsolute, join, resolve } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { linesOf, ownPlatform } from '../lookForUnchanged.ts';
import type { BakeInputs } from '../options/readBake.ts';
import type { BuildKey, KeyInputs } from '../unchanged/buildKey.ts';
import { isRemote } from '../unchanged/describeContexts.ts';
import { lastingLabels } from '../unchanged/lastingLabels.ts';
import type { BakeTarget } from './readTargets.ts';

/** What of the step's inputs changes the images of all targets. */
export type BakeOptions = Pick<
  BakeInputs,
  'noCache' | 'pull' | 'provenance' | 'sbom' | 'builder' | 'event'
>;

/**
 * What decides what comes out of a target.
 *
 * @param builds the keys of the targets that it builds on, by the name of the context
 */
export function keyInputs(
  target: BakeTarget,
  builds: Readonly<Record<string, BuildKey>>,
  inputs: BakeOptions,
  env: Runner['env'],
): KeyInputs {
  const { inline, args, stage, platforms, labels, annotations, secrets, ssh, others } = target;
  const { context, dockerfile } = placesOf(target, env);
  return {
    ...{ context, dockerfile, inline, platforms, builds, secrets, ssh },
    buildArgs: args,
    target: stage,
    ...(platforms.length === 0 && { platforms: [ownPlatform()] }),
    labels: lastingLabels(linesOf(labels), inputs.event.sha),
    annotations: lastingLabels(annotations, inputs.event.sha),
    contexts: Object.fromEntries(
      Object.entries(target.contexts)
        .filter(([, value]) => targetOf(value) === undefined)
        .map(([name, value]) => [name, placeOf(value, env)]),
    ),
    options: {
      others,
      provenance: inputs.provenance ?? '',
      sbom: inputs.sbom ?? '',
      time: env.SOURCE_DATE_EPOCH ?? '',
      // A builder elsewhere may be of another architecture, where none is asked for.
      builder: platforms.length > 0 ? '' : (inputs.builder ?? env.BUILDKIT_HOST ?? ''),
    },
    noCache: inputs.noCache || target.noCache,
    pull: inputs.pull || target.pull,
  };
}

/** The context and the Dockerfile of a target, where they lie on this machine. */
export function placesOf(
  { context, dockerfile }: Pick<BakeTarget, 'context' | 'dockerfile'>,
  env: Runner['env'],
): { readonly context: string; readonly dockerfile: string } {
  const place = placeOf(context, env);
  return {
    context: place,
    dockerfile: isAbsolute(dockerfile) ? dockerfile : join(place, dockerfile),
  };
}

/** The other target that a named context is. */
export function targetOf(context: string): string | undefined {
  return /^target:(.+)$/.exec(context)?.[1];
}

/** What is neither an address nor of a kind (`docker-image://…`) is a folder of the workspace. */
function placeOf(context: string, { GITHUB_WORKSPACE: workspace = '.' }: Runner['env']): string {
  return isRemote(context) || /^[\w-]+:/.test(context) ? context : resolve(workspace, context);
}
