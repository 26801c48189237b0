import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../../../../../shared/action/Runner.ts';
import { redact } from '../../../../../shared/process/redact.ts';
import { type Plan, touched } from './Plan.ts';

/** Keeps a plan where later steps find it, without secrets of the step, and tells what it changes. */
export async function keepPlan(plan: Plan, { env, output, secrets }: Runner): Promise<void> {
  const folder = await mkdtemp(join(env.RUNNER_TEMP ?? tmpdir(), 'helm-deploy-'));
  const path = join(folder, 'plan.json');
  const known = [...secrets];
  const hide = (text: string | undefined) => text && redact(text, known);
  const objects = plan.objects.map((object) => ({
    ...object,
    note: hide(object.note),
    fields: object.fields.map(({ before, after, ...field }) => ({
      ...{ ...field, before: hide(before), after: hide(after) },
    })),
  }));
  await writeFile(path, JSON.stringify({ ...plan, objects }, undefined, 2), { mode: 0o600 });
  output('plan', path);
  output('changed', JSON.stringify(touched(plan)));
  output('manifest-digest', plan.manifest);
}
