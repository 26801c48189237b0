import * as v from 'valibot';
import { oneLine } from '../log/oneLine.ts';

const refusal = v.object({
  message: v.string(),
  errors: v.optional(v.array(v.union([v.string(), v.object({ message: v.optional(v.string()) })]))),
});

/** What GitHub says of a refusal, in one line; empty where it is not GitHub that speaks. */
export function messageOf(body: unknown): string {
  const parsed = v.safeParse(refusal, body);
  if (!parsed.success) return '';
  const { message, errors = [] } = parsed.output;
  const more = errors.map((error) => (typeof error === 'string' ? error : error.message));
  return oneLine([message, ...more].filter(Boolean).join('; '), 500);
}
