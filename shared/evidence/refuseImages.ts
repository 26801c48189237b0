import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { count } from '../text/count.ts';
import type { JudgedImage } from './judgeImages.ts';

/** An annotation is read; all of them are in the details. */
const mostInOne = 3;

/**
 * What keeps something from running for want of evidence: one failure that says of each image what uses it
 * and what it lacks.
 *
 * @param policy whose verdict was wanted
 * @param changed what had been changed by then, as a sentence
 */
export function refuseImages(
  judged: readonly JudgedImage[],
  policy: string,
  changed: string,
): Failure | undefined {
  const lacking = judged.filter(({ verdict }) => verdict === undefined);
  const [first, ...rest] = lacking;
  if (first === undefined) return undefined;
  const also = rest.slice(0, mostInOne).map((one) => `${oneLine(one.image)}: ${one.why}`);
  const more = rest.length - also.length;
  const others =
    also.length === 0 ? '' : `Also: ${also.join('; ')}${more > 0 ? `; and ${more} more` : ''}. `;
  return new Failure({
    what: `${oneLine(first.image)} has no passing verdict of ${oneLine(policy)}: ${first.why}.`,
    why: `${oneLine(first.usedBy[0] ?? '')} uses it. ${others}${changed}`.trim(),
    remedy: first.why?.startsWith('it has no digest')
      ? 'Give it by its digest (output `reference` of build-push-image), and let trivy-gate attach its verdict to that.'
      : 'Let trivy-gate judge this digest by that policy and sign the verdict (`attest`), with the key or the workflow that is trusted here.',
    details: [
      `${count(lacking.length, 'image')} of ${judged.length} without evidence:`,
      ...lacking.map((one) => `- ${oneLine(one.image, 500)}: ${one.why}\n${usersOf(one)}`),
    ].join('\n'),
  });
}

function usersOf({ usedBy }: JudgedImage): string {
  return usedBy.map((user) => `    used by ${oneLine(user)}`).join('\n');
}
