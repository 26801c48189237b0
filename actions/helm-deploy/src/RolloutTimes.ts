import { type Baseline, isUnchanged } from '../../../shared/kube/baseline.ts';
import type { Workload } from '../../../shared/kube/readiness/Workload.ts';

/** How long one object took; times by `performance.now()`. */
export interface ObjectTime {
  /** `Deployment/web` */
  readonly object: string;
  /** When it was ready for good; `undefined` when it never was. */
  readonly readyMs: number | undefined;
}

/** Notes when the objects of a rollout were ready. What the rollout does not touch took no time. */
export class RolloutTimes {
  readonly #before: Baseline;
  readonly #times = new Map<string, ObjectTime>();

  constructor(before: Baseline) {
    this.#before = before;
  }

  note(workloads: readonly Workload[], nowMs: number): void {
    for (const workload of workloads) {
      const { kind, name, uid, done } = workload;
      const known = this.#times.get(uid);
      if (known === undefined && done && isUnchanged(workload, this.#before)) continue;
      const readyMs = done ? (known?.readyMs ?? nowMs) : undefined;
      this.#times.set(uid, { object: `${kind}/${name}`, readyMs });
    }
  }

  get all(): readonly ObjectTime[] {
    return [...this.#times.values()];
  }
}
