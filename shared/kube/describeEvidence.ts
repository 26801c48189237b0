import type { CoreV1Event } from '@kubernetes/client-node';
import { changeLine } from './changedFields.ts';
import type { Evidence } from './gatherEvidence.ts';

/** All evidence as text for people: causes, changes, events, last log lines. Untrusted. */
export function describeEvidence({ causes, changes, events, logs }: Evidence): string {
  return [
    ...causes.map(({ chain, reason, message }) => `${chain}: ${reason}: ${message}`),
    ...changes.flatMap(({ object, fields }) =>
      section(`Changed in the pods of ${object}`, fields.map(changeLine)),
    ),
    ...section('Events', events.map(eventLine)),
    ...logs.flatMap(({ chain, run, lines }) =>
      section(
        `Last log lines of ${chain}${run === 'previous' ? ' (its previous run)' : ''}`,
        lines,
      ),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function eventLine({ type, reason, involvedObject, message, count }: CoreV1Event): string {
  const times = count !== undefined && count > 1 ? ` (${count} times)` : '';
  return `${type} ${reason} ${involvedObject.kind}/${involvedObject.name}: ${message ?? ''}${times}`;
}
