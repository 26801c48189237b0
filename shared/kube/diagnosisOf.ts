import type { ChangedField } from './changedFields.ts';
import type { Evidence } from './gatherEvidence.ts';
import { heals } from './Patience.ts';

/** Why a release did not become ready, for programs. The first cause is that of the annotation. */
export interface Diagnosis {
  readonly version: 1;
  readonly release: string;
  readonly namespace: string;
  readonly causes: readonly {
    /** From the object down: `["Deployment/web", "pod web-1", "container app"]`. */
    readonly chain: readonly string[];
    readonly reason: string;
    readonly message: string;
    /** The decisive line of its log. */
    readonly line?: string;
    readonly remedy: string;
    /** Whether waiting may mend it as long as the rollout's time runs. */
    readonly mayHeal: boolean;
  }[];
  readonly objects: readonly {
    readonly kind: string;
    readonly name: string;
    readonly ready: number;
    readonly desired: number;
    readonly done: boolean;
  }[];
  readonly changes: readonly {
    readonly object: string;
    readonly fields: readonly ChangedField[];
  }[];
  readonly events: readonly {
    readonly object: string;
    readonly type: string;
    readonly reason: string;
    readonly message: string;
    readonly count: number;
  }[];
  readonly logs: readonly {
    readonly chain: readonly string[];
    readonly run: 'present' | 'previous';
    readonly lines: readonly string[];
  }[];
}

/** The evidence in its published shape. */
export function diagnosisOf(
  { causes, workloads, changes, events, logs }: Evidence,
  { release, namespace }: { readonly release: string; readonly namespace: string },
): Diagnosis {
  return {
    ...{ version: 1, release, namespace, changes },
    causes: causes.map(({ chain, reason, message, decisiveLine, remedy, patienceMs }) => ({
      chain: chain.split(' → '),
      ...{ reason, message, remedy },
      ...(decisiveLine !== undefined && { line: decisiveLine }),
      mayHeal: patienceMs === heals,
    })),
    objects: workloads.map(({ kind, name, ready, desired, done }) => ({
      ...{ kind, name, ready, desired, done },
    })),
    events: events.map(({ involvedObject, type = '', reason = '', message = '', count = 1 }) => ({
      object: `${involvedObject.kind}/${involvedObject.name}`,
      ...{ type, reason, message, count },
    })),
    logs: logs.map(({ chain, run, lines }) => ({ chain: chain.split(' → '), run, lines })),
  };
}
