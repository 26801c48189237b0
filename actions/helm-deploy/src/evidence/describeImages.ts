import type { JudgedImage } from '../../../../shared/evidence/judgeImages.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';

/** An output has its limit; nobody deploys as many at once. */
const most = 500;
const mostUsers = 20;
const longest = 500;

/** What the output `evidence` says of each image. */
export function describeImages(judged: readonly JudgedImage[]) {
  return judged.slice(0, most).map(({ image, usedBy, verdict, why }) => ({
    image: oneLine(image, longest),
    usedBy: usedBy.slice(0, mostUsers).map((user) => oneLine(user)),
    result: verdict === undefined ? 'LACKING' : 'PASSED',
    ...(why !== undefined && { lacks: why }),
    ...(verdict !== undefined && {
      policy: oneLine(verdict.policy.uri, longest),
      verifier: oneLine(verdict.verifier, longest),
      verifiedAt: verdict.verifiedAt.toISOString(),
    }),
  }));
}
