import { oneLine } from '../../log/oneLine.ts';
import type { VexStatement } from './VexStatement.ts';

/** More names than these nobody reads. */
const most = 10;

/** Statements that would excuse a finding if they said why. */
export function vexNotices(unfounded: ReadonlySet<VexStatement>): string[] {
  if (unfounded.size === 0) return [];
  const names = [...unfounded]
    .slice(0, most)
    .map(({ vulnerabilities: [id = ''], source }) => `${oneLine(id, 80)} (${oneLine(source)})`);
  const more = unfounded.size > most ? `; and ${unfounded.size - most} more` : '';
  return [
    `These VEX statements say "not affected" and not why, so they excuse nothing: ${names.join('; ')}${more}.`,
  ];
}
