import type { StepName } from './stepName.ts';

/** A step of a build, as far as it went. All its texts are untrusted. */
export interface Step extends StepName {
  readonly id: string;
  readonly startedAt: number | undefined;
  /** `undefined` for a step that was not reached, or did not end. */
  readonly endedAt: number | undefined;
  /** The time in which it went on, without that in which it waited. */
  readonly durationMs: number;
  /** Its result was there already. */
  readonly cached: boolean;
  readonly error: string | undefined;
}

/** A warning of BuildKit, most of them of its build checks. */
export interface BuildWarning {
  /** Whose Dockerfile it is, in a build of several targets. */
  readonly target: string | undefined;
  /** Such as `SecretsUsedInArgOrEnv`. */
  readonly rule: string | undefined;
  readonly text: string;
  readonly url: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** What is known of a build from what BuildKit told about it. */
export interface BuildProgress {
  readonly steps: readonly Step[];
  readonly warnings: readonly BuildWarning[];
  /** Warnings beyond those that are kept. */
  readonly moreWarnings: number;
  /** The last lines of the steps that failed, and buildx's own last words: what a failure is explained from. */
  readonly lastWords: string;
}

/** What a line told that was not known. */
export type Change =
  | { readonly kind: 'started' | 'ended'; readonly step: Step }
  | { readonly kind: 'output'; readonly step: Step; readonly line: string }
  /** A part of a step is over, such as the push of the layers. */
  | {
      readonly kind: 'phase';
      readonly step: Step;
      readonly name: string;
      readonly durationMs: number;
      readonly bytes: number | undefined;
    }
  /** A line that was none of BuildKit's. */
  | { readonly kind: 'said'; readonly line: string };
