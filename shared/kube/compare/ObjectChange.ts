import type { ChangedField } from '../changedFields.ts';
import type { Obstacle } from '../preflight/Obstacle.ts';

/**
 * What becomes of an object, or has become of it: `unknown` when the server does not tell, and `kept`
 * when it leaves the release and stays in the cluster.
 */
export type ChangeKind = 'added' | 'changed' | 'removed' | 'kept' | 'unchanged' | 'unknown';

/** One object of a release, compared with the cluster. Values that may be secret are left out. */
export interface ObjectChange {
  /** `Deployment/web` */
  readonly object: string;
  readonly apiVersion: string;
  /** `undefined` for an object of the whole cluster. */
  readonly namespace: string | undefined;
  readonly change: ChangeKind;
  readonly fields: readonly ChangedField[];
  /** In words, where there is more to say. */
  readonly note?: string | undefined;
  /** What was seen of the live object; `undefined` when there is none. */
  readonly seen: Seen | undefined;
}

/** By what a live object is known again, without telling what is in it. */
export interface Seen {
  readonly uid: string;
  readonly state: string;
}

/** An object that was compared, and what stands against writing it. */
export interface Compared {
  readonly change: ObjectChange;
  readonly obstacles: readonly Obstacle[];
}
