import type { ObjectChange } from '../../../../../shared/kube/compare/ObjectChange.ts';

/** What differs in the cluster from what was deployed. */
export interface Drift {
  readonly revision: number;
  readonly drifted: readonly ObjectChange[];
  /** What could not be compared. */
  readonly unknown: readonly ObjectChange[];
  /** What differs and should, in words. */
  readonly excused: readonly string[];
  /** How many objects were compared. */
  readonly compared: number;
}

/** What was not seen is no pass. */
export function verdictOf({
  drifted,
  unknown,
}: Pick<Drift, 'drifted' | 'unknown'>): 'pass' | 'violation' | 'incomplete' {
  if (drifted.length > 0) return 'violation';
  return unknown.length > 0 ? 'incomplete' : 'pass';
}
