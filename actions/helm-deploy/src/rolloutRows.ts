import type { Cause } from '../../../shared/kube/diagnose.ts';
import type { Workload } from '../../../shared/kube/readiness/Workload.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { count } from '../../../shared/text/count.ts';
import { formatAge } from '../../../shared/text/formatAge.ts';

/** A row of the table that the log shows; untrusted. */
export interface Row {
  /** `Deployment/web` */
  readonly object: string;
  /** Without its age, which always changes. */
  readonly state: string;
  readonly text: string;
}

const objectWidth = 40;
const readyWidth = 7;
const ageWidth = 5;
const longestNote = 500;
/** A log is read by people: what changes beside so many others is summed up. */
const mostRows = 20;

export const tableHead = columns('OBJECT', 'READY', 'AGE', 'NOTE');

/** What each object is now, and why it is not ready. */
export function rolloutRows(
  workloads: readonly Workload[],
  causes: readonly Cause[],
  nowMs: number,
): readonly Row[] {
  return workloads.map((workload) => {
    const { kind, name, ready, desired, done, createdMs } = workload;
    const object = `${kind}/${name}`;
    const cause = causes.find(({ chain }) => chain.startsWith(`${object} `) || chain === object);
    const reason = cause === undefined ? podsNote(workload) : `${cause.reason}: ${cause.message}`;
    const note = done ? 'ready' : oneLine(reason, longestNote);
    const age = createdMs === undefined ? '' : formatAge(nowMs - createdMs);
    const state = `${ready}/${desired} ${note}`;
    return { object, state, text: columns(object, `${ready}/${desired}`, age, note) };
  });
}

/**
 * The rows that changed since they were shown, what is in trouble first; when they are many, the last
 * one sums up the others.
 *
 * @param shown the states that were shown, by object; it is kept up to date
 */
export function changedRows(rows: readonly Row[], shown: Map<string, string>): readonly string[] {
  const changed = rows.filter(({ object, state }) => shown.get(object) !== state);
  for (const { object, state } of changed) shown.set(object, state);
  const rank = ({ state }: Row) => (state.endsWith(' ready') ? 1 : 0);
  const inOrder =
    changed.length > mostRows ? changed.toSorted((a, b) => rank(a) - rank(b)) : changed;
  const texts = inOrder.slice(0, mostRows).map(({ text }) => text);
  if (changed.length <= mostRows) return texts;
  const ready = rows.filter(({ state }) => state.endsWith(' ready')).length;
  const more = count(changed.length - mostRows, 'more object');
  return [...texts, `… and ${more} changed; ${ready} of ${rows.length} are ready`];
}

function columns(object: string, ready: string, age: string, note: string): string {
  const cells = [object.padEnd(objectWidth), ready.padEnd(readyWidth), age.padEnd(ageWidth), note];
  return cells.join(' ').trimEnd();
}

/** What its pods do, as long as nothing is wrong with them: `2 ContainerCreating, 1 starting`. */
function podsNote({ pods }: Workload): string {
  const words = pods.map(({ status }) => {
    const containers = [
      ...(status?.initContainerStatuses ?? []),
      ...(status?.containerStatuses ?? []),
    ];
    const waiting = containers.find(({ state }) => state?.waiting?.reason !== undefined);
    if (waiting !== undefined) return waiting.state?.waiting?.reason ?? '';
    if (status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True')) {
      return 'ready';
    }
    return status?.phase === 'Running' ? 'starting' : (status?.phase ?? 'Pending').toLowerCase();
  });
  const kinds = [...new Set(words)].sort();
  return kinds.map((word) => `${words.filter((one) => one === word).length} ${word}`).join(', ');
}
