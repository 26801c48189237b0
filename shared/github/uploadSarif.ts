import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { askGitHub, sleep } from './askGitHub.ts';
import { type Asked, explainRefusal } from './explainRefusal.ts';
import type { Denied, GitHub } from './GitHub.ts';
import { refuse } from './refuse.ts';

const receipt = v.object({ id: v.string() });
const progress = v.object({
  processing_status: v.string(),
  analyses_url: v.nullish(v.string()),
  errors: v.nullish(v.array(v.string())),
});

const asked: Asked = { doing: 'take the SARIF file', permission: 'security-events: write' };
/** Between two looks, in seconds; the last one is repeated. */
const pace = [1, 2, 4, 8, 15];

export interface SarifUpload {
  readonly sarif: string;
  /** The commit that the alerts are shown on. */
  readonly commitSha: string;
  /** `refs/heads/main`, or `refs/pull/7/merge`, whose alerts are shown in the pull request. */
  readonly ref: string;
  /** How long its processing is waited for; 2 minutes by default. It goes on without us. */
  readonly patienceMs?: number;
}

export type SarifUploaded =
  | { readonly kind: 'complete'; readonly id: string }
  /** It was taken, and is still being processed. */
  | { readonly kind: 'pending'; readonly id: string }
  | Denied;

/**
 * Gives a SARIF file to code scanning and waits until it is processed. An upload that came to no answer is
 * sent again: of two of the same commit and category, the later takes the place of the earlier.
 *
 * @throws {Failure} when GitHub does not take the file, for another reason than a missing right
 */
export async function uploadSarif(github: GitHub, upload: SarifUpload): Promise<SarifUploaded> {
  const { sarif, commitSha, ref, patienceMs = 120_000 } = upload;
  const path = `/repos/${github.repository}/code-scanning/sarifs`;
  const answer = await askGitHub(github, {
    method: 'POST',
    path,
    body: { commit_sha: commitSha, ref, sarif: gzipSync(sarif).toString('base64') },
    repeatable: true,
  });
  if (answer.status === 413) throw new Failure({ ...explainRefusal(answer, asked), ...tooLarge });
  if (answer.status !== 202) return refuse(github, answer, asked);
  const taken = v.safeParse(receipt, answer.body);
  if (!taken.success) throw unknownAnswer();
  const { id } = taken.output;
  for (let waited = 0, look = 0; waited < patienceMs; look++) {
    const pause = (pace[look] ?? 15) * 1000;
    await sleep(github, pause);
    waited += pause;
    const status = await askGitHub(github, { path: `${path}/${encodeURIComponent(id)}` });
    // Right after the upload it may not be known yet.
    if (status.status === 404) continue;
    if (status.status !== 200) return refuse(github, status, asked);
    const parsed = v.safeParse(progress, status.body);
    if (!parsed.success) throw unknownAnswer();
    if (parsed.output.processing_status === 'complete') return { kind: 'complete', id };
    if (parsed.output.processing_status === 'failed') throw unprocessed(parsed.output.errors ?? []);
  }
  github.log.info(`GitHub has taken the SARIF file (${oneLine(id)}) and still processes it.`);
  return { kind: 'pending', id };
}

const tooLarge = {
  why: 'Packed, it has more than 10 MB.',
  remedy: 'Let the gate write fewer findings.',
};

function unknownAnswer(): Failure {
  return new Failure({
    what: 'GitHub took the SARIF file, but its answer is not understood.',
    remedy: 'Look in the security tab of the repository whether the alerts are there.',
  });
}

function unprocessed(errors: readonly string[]): Failure {
  const told = errors.slice(0, 5).map((error) => oneLine(error, 300));
  return new Failure({
    what: 'GitHub took the SARIF file, but could not process it.',
    why: told.length === 0 ? 'It does not say why.' : told.join('; '),
    remedy:
      'An incomplete scan is refused by intent; anything else is a defect of this action: please report it.',
    details: errors.map((error) => oneLine(error, 1000)).join('\n'),
  });
}
