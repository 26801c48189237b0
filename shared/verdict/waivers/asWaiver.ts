import type { Waiver } from '../Waiver.ts';

/** What ends then ends for nobody who reads this. */
const never = new Date('9999-12-31T00:00:00Z');

/** An entry of an ignore file, with words of ours for what it does not say. */
export function asWaiver(
  entry: Pick<Waiver, 'id' | 'kind' | 'purl' | 'path' | 'source'>,
  reason: string | undefined,
  expires: Date | undefined,
): Waiver {
  return {
    ...entry,
    owner: 'nobody',
    reason: reason ?? 'none given',
    expires: expires ?? never,
    lacks: [
      'owner',
      ...(reason === undefined ? (['reason'] as const) : []),
      ...(expires === undefined ? (['expires'] as const) : []),
    ],
  };
}
