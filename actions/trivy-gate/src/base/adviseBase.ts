import type { Runner } from '../../../../shared/action/Runner.ts';
import { type Base, findBase } from '../../../../shared/base/findBase.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import type { Dockerfile } from '../../../../shared/report/dockerfile/Dockerfile.ts';
import type { Finding } from '../../../../shared/verdict/Finding.ts';
import type { Gate } from '../Gate.ts';
import type { Seen } from '../Seen.ts';
import { judgeCandidates } from './judgeCandidates.ts';
import { namesOfBase } from './namesOfBase.ts';

/**
 * Says which base would have less of what counts, where something counts: each
 * that comes in question is scanned as the image was. It decides nothing, so what keeps it from being
 * known is said in its place.
 */
export async function adviseBase(
  { inspection, judgement, image, lookAgain }: Seen,
  { registry, patience }: Pick<Gate, 'registry' | 'patience'>,
  dockerfile: Dockerfile | undefined,
  { log, signal }: Pick<Runner, 'log' | 'signal'>,
): Promise<string | undefined> {
  const { counted } = judgement;
  if (counted.length === 0) return undefined;
  if (inspection.image === undefined || lookAgain === undefined) {
    return 'No other base was looked for: nothing was scanned here.';
  }
  // The scan may have taken all the time that there was for the database.
  const effects = { registry, patience: { ...patience, until: Date.now() + requestsMs } };
  const said = 'No other base was looked for.';
  try {
    const names = await namesOfBase(image, inspection.image.labels, dockerfile, effects);
    const base = await findBase(names, inspection.image, effects);
    if (typeof base === 'string') return `${said} ${base}`;
    const { bestBase } = await import('../../../../shared/base/bestBase.ts');
    const current = comesWith(base, counted);
    if (current.length === 0) {
      return bestBase({ base: base.named, current, candidates: [], unjudged: [] });
    }
    log.info(`Looking for another base than ${formatReference(base.named)}.`);
    const platform = inspection.image.platform;
    const judged = await judgeCandidates(base, platform, lookAgain, effects);
    return bestBase({ base: base.named, current, ...judged });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    return `${said} ${error.message}`;
  }
}

const requestsMs = 60_000;

/** A system that gets no more fixes is in no layer of its own; it is the lowest one's. */
function comesWith({ layers }: Base, counted: readonly Finding[]): Finding[] {
  const below = new Set(layers);
  return counted.filter(
    ({ kind, layer }) => kind === 'end-of-life' || (layer !== undefined && below.has(layer.diffId)),
  );
}
