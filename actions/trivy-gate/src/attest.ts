import type { Runner } from '../../../shared/action/Runner.ts';
import { requestIdToken } from '../../../shared/action/requestIdToken.ts';
import type { Attestation } from './evidence/attestAsWished.ts';
import { measureOf } from './evidence/measureOf.ts';
import type { Gate } from './Gate.ts';
import type { Inputs } from './inputs.ts';
import type { Seen } from './Seen.ts';

/** Attaches the verdict to the digest, as it is wished; what is no image has nowhere to keep it. */
export async function attest(
  seen: Seen,
  inputs: Inputs,
  { registry, http, patience }: Gate,
  { env, log, mask, signal }: Runner,
): Promise<Attestation> {
  const { inspection, judgement, image, reused, reusable, startedAt } = seen;
  const { decide, evidence, scan, target } = inputs;
  if (image === undefined || evidence.attest === 'false') return {};
  if (reused) {
    log.info('The verdict of before is attached to the image already.');
    return {};
  }
  const { whatToAttest } = await import('./evidence/whatToAttest.ts');
  const { excusesOf } = await import('./evidence/excusesOf.ts');
  const { attestAsWished } = await import('./evidence/attestAsWished.ts');
  const lookedFor =
    scan.scanners === undefined ? target.kind === 'image' : scan.scanners.includes('vuln');
  const what = whatToAttest(inspection, judgement, {
    subject: image,
    policy: { name: decide.policyName, digest: measureOf(inputs) },
    ...{ startedAt, finishedAt: new Date(), reusable },
    excuses: excusesOf(decide, seen.totals.waived),
    lookedForVulnerabilities: lookedFor,
  });
  const mayAsk = env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
  return attestAsWished(evidence, what, {
    ...{ client: registry, http, log, patience },
    identityToken: mayAsk
      ? (audience) => requestIdToken(env, audience, { http, mask, signal })
      : undefined,
  });
}
