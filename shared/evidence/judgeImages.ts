import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import type { Patience } from '../oci/patiently.ts';
import { type PinnedReference, parseReference, pin } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { sideBySide } from '../oci/sideBySide.ts';
import type { VerdictRead } from './readVerdict.ts';
import type { UsedImage } from './UsedImage.ts';
import { type EvidenceWanted, verifyEvidence } from './verifyEvidence.ts';

/** An image with the verdict that lets it run; or what it lacks, as the end of a sentence. */
export type JudgedImage = UsedImage &
  (
    | {
        readonly reference: PinnedReference;
        readonly verdict: VerdictRead;
        readonly why?: undefined;
      }
    | { readonly verdict?: undefined; readonly why: string }
  );

const atOnce = 8;

/**
 * Looks for the evidence of each image. All are looked at, so that all that is lacking is told at once. A
 * registry that does not tell is a lack as well: what could not be seen proves nothing.
 *
 * @throws what the patience's signal was aborted with
 */
export function judgeImages(
  client: RegistryClient,
  images: readonly UsedImage[],
  wanted: EvidenceWanted,
  patience: Patience,
): Promise<readonly JudgedImage[]> {
  return sideBySide(images, atOnce, async (used): Promise<JudgedImage> => {
    const read = readImage(used.image);
    if ('why' in read) return { ...used, ...read };
    const { reference } = read;
    try {
      const evidence = await verifyEvidence(client, reference, wanted, patience);
      if (!evidence.ok) return { ...used, why: evidence.why };
      return { ...used, reference, verdict: evidence.verdict };
    } catch (error) {
      patience.signal?.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      return { ...used, why: `its evidence cannot be had: ${oneLine(error.message, 500)}` };
    }
  });
}

/** Only a digest names one content; what is verified of a tag now may be another image when it is pulled. */
function readImage(image: string): { reference: PinnedReference } | { why: string } {
  try {
    const reference = parseReference(image);
    if (reference.digest === undefined) return { why: 'it has no digest, and a tag may move' };
    if (!reference.digest.startsWith('sha256:')) return { why: 'its digest is not of SHA-256' };
    return { reference: pin(reference, reference.digest) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { why: `it is not an image: ${oneLine(error.message)}` };
  }
}
