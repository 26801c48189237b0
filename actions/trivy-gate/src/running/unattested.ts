import { Failure } from '../../../../shared/failure/Failure.ts';
import { count } from '../../../../shared/text/count.ts';
import type { ScannedImage } from './scanEach.ts';

/** Why evidence could not be attached; what keeps it from several images is told once. */
export function unattested(scanned: readonly Pick<ScannedImage, 'image' | 'failure'>[]): Failure[] {
  const failed = scanned.flatMap(({ image, failure }) =>
    failure === undefined ? [] : [{ image, failure }],
  );
  return [...Map.groupBy(failed, ({ failure }) => failure.message).values()].flatMap(
    ([first, ...others]) => {
      if (first === undefined) return [];
      const { what, why, remedy, details } = first.failure;
      const of = others.length === 0 ? first.image.name : count(others.length + 1, 'image');
      return [
        new Failure({ what: what.includes(of) ? what : `${of}: ${what}`, why, remedy, details }),
      ];
    },
  );
}
