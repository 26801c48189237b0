import type { CheckJob } from '../../../../shared/kube/verify/CheckJob.ts';
import type { HttpCheck } from '../../../../shared/kube/verify/HttpCheck.ts';
import type { LogCheck } from '../../../../shared/kube/verify/LogRate.ts';
import type { Threshold } from '../../../../shared/prometheus/judgeSamples.ts';
import type { Looking } from '../../../../shared/verify/lookAgain.ts';

/** One entry of the input `verify`. */
export type Wanted =
  | ({ readonly kind: 'http' } & HttpCheck & Looking)
  | ({ readonly kind: 'promql' } & PromCheck & Looking)
  | ({ readonly kind: 'logs' } & LogCheck)
  | { readonly kind: 'restarts'; readonly most: number }
  | { readonly kind: 'helm-tests'; readonly timeoutMs: number }
  | { readonly kind: 'job'; readonly job: CheckJob; readonly timeoutMs: number };

export interface PromCheck extends Threshold {
  readonly address: string;
  readonly query: string;
  readonly timeoutMs: number;
}

/** What must hold after a rollout, and for how long, before it counts as good. */
export interface Verification {
  readonly wanted: readonly Wanted[];
  readonly soakMs: number;
  /** Secret. */
  readonly prometheusToken: string | undefined;
}
