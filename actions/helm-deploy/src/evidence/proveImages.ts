import type { Runner } from '../../../../shared/action/Runner.ts';
import { type JudgedImage, judgeImages } from '../../../../shared/evidence/judgeImages.ts';
import { refuseImages } from '../../../../shared/evidence/refuseImages.ts';
import type { UsedImage } from '../../../../shared/evidence/UsedImage.ts';
import type { Failure } from '../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { count } from '../../../../shared/text/count.ts';
import { describeImages } from './describeImages.ts';
import type { Registries } from './openRegistries.ts';
import type { RequiredEvidence } from './readEvidenceInputs.ts';

/** For all requests together; a registry that is away for longer keeps the release from being written. */
const patienceMs = 60_000;

export interface Proof {
  readonly judged: readonly JudgedImage[];
  /** Why nothing may be written. */
  readonly refused: Failure | undefined;
}

/** Looks for the verdict of each image before anything is written, and says what was found. */
export async function proveImages(
  images: readonly UsedImage[],
  { policy, trust, maxAgeMs }: RequiredEvidence,
  { client }: Pick<Registries, 'client'>,
  { log, signal, output }: Pick<Runner, 'log' | 'signal' | 'output'>,
): Promise<Proof> {
  const wanted = { policy, trust, maxAgeMs, now: new Date() };
  const patience = { until: Date.now() + patienceMs, log, signal };
  const judged = await judgeImages(client, images, wanted, patience);
  output('evidence', JSON.stringify(describeImages(judged)));
  for (const { image, verdict, why } of judged) {
    const found =
      verdict === undefined
        ? `refused: ${why}`
        : `passed ${oneLine(verdict.policy.uri)} at ${verdict.verifiedAt.toISOString()}, judged by ${oneLine(verdict.verifier)}`;
    log.untrusted(`Evidence of ${oneLine(image, 500)}: ${found}`);
  }
  const refused = refuseImages(judged, policy, 'Nothing was changed.');
  if (refused === undefined)
    log.info(`${count(judged.length, 'image')} of the release: all proven.`);
  return { judged, refused };
}
