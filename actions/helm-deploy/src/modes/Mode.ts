import type { Source } from '../source/Source.ts';

/** What a step does with the release. */
export const modes = ['deploy', 'plan', 'drift', 'rollback', 'uninstall', 'test'] as const;

export type Mode = (typeof modes)[number];

/** Whether a mode needs to be given what is deployed. */
export function needsSource(mode: Mode): boolean {
  return mode === 'deploy' || mode === 'plan';
}

/** What goes with a mode: two of them have a source, the others none. */
export type ModeOf<Inputs> =
  | (Inputs & { readonly mode: 'deploy' | 'plan'; readonly source: Source })
  | (Inputs & { readonly mode: Exclude<Mode, 'deploy' | 'plan'> });
