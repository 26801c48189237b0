import { count } from './count.ts';

const hourMs = 3_600_000;

/** A time for people, never longer than it was: `0 hours`, `71 hours`, `3 days`. */
export function howLong(milliseconds: number): string {
  const hours = Math.max(0, Math.floor(milliseconds / hourMs));
  return hours < 72 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}
