import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { diagnosisOf } from '../../../shared/kube/diagnosisOf.ts';
import type { Evidence } from '../../../shared/kube/gatherEvidence.ts';
import { redact } from '../../../shared/process/redact.ts';

/** Keeps the evidence as JSON where later steps find it (output `diagnosis`), without secrets of the step. */
export async function keepDiagnosis(
  evidence: Evidence,
  of: { readonly release: string; readonly namespace: string },
  { env, output, secrets }: Runner,
): Promise<void> {
  const folder = await mkdtemp(join(env.RUNNER_TEMP ?? tmpdir(), 'helm-deploy-'));
  const path = join(folder, 'diagnosis.json');
  const text = JSON.stringify(diagnosisOf(evidence, of), undefined, 2);
  await writeFile(path, redact(text, secrets), { mode: 0o600 });
  output('diagnosis', path);
}
