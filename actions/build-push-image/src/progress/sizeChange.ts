import { formatBytes } from './formatBytes.ts';
import type { PlatformFacts } from './imageFacts.ts';

interface Sizes {
  readonly platforms: readonly Pick<PlatformFacts, 'platform' | 'bytes'>[];
}

/** The sizes of an image's platforms together. */
export function sizeOf({ platforms }: Sizes): number {
  return platforms.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** How the size changed, of the platforms that both have: `+1.2 MB (+3.4 %)`; `undefined` when none. */
export function sizeChange(now: Sizes, before: Sizes): string | undefined {
  const shared = (of: Sizes, other: Sizes) =>
    of.platforms.filter(({ platform }) => other.platforms.some((one) => one.platform === platform));
  const old = sizeOf({ platforms: shared(before, now) });
  if (old === 0) return undefined;
  const change = sizeOf({ platforms: shared(now, before) }) - old;
  if (change === 0) return 'as before';
  const sign = change > 0 ? '+' : '';
  const percent = (100 * change) / old;
  return `${sign}${formatBytes(change)} (${sign}${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0)} %)`;
}
