import { logIn } from '../../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { applyRetention } from '../../../../shared/oci/applyRetention.ts';
import {
  type Judged,
  planRetention,
  type RetentionPlan,
} from '../../../../shared/oci/planRetention.ts';
import type { Reference } from '../../../../shared/oci/Reference.ts';
import { readRepository } from '../../../../shared/oci/readRepository.ts';
import { blocks, code, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import { tableWithin } from '../../../../shared/report/table.ts';
import { isCacheTag } from '../caches/cacheTag.ts';
import type { RetentionInputs } from '../options/readRetention.ts';
import { registryClient } from '../registryClient.ts';
import { isRecordTag } from '../unchanged/buildRecord.ts';
import { hasNoRight } from './hasNoRight.ts';

/** What became of a repository. */
interface Tidied {
  readonly repository: string;
  readonly plan: RetentionPlan;
  readonly removed: Judged[];
}

/** GitHub takes 1 MiB of a step; a table of each kind and repository stays far below. */
const tableBytes = 100_000;

/** Tells what of a repository nobody needs any more, or removes it. */
export async function retention(inputs: RetentionInputs, runner: Runner): Promise<void> {
  const { repositories, event } = inputs;
  const apply = inputs.apply && !hasNoRight('Nothing is removed', event, runner);
  await using login = await logIn(inputs.login, runner, { pushes: apply ? repositories : [] });
  const client = registryClient(login, runner);
  const { log, signal } = runner;
  const all: Tidied[] = [];
  try {
    for (const repository of repositories) {
      const plan = await makePlan(repository, inputs, client, runner);
      const removed: Judged[] = [];
      all.push({ repository: `${repository.registry}/${repository.repository}`, plan, removed });
      runner.output('retention', toJson(all));
      if (!apply) continue;
      const onRemoved = (one: Judged) => void removed.push(one);
      await applyRetention({ plan, repository, client, log, signal, onRemoved });
    }
  } finally {
    runner.output('retention', toJson(all));
    await runner.summary(blocks(...all.flatMap((one) => summarize(one, apply))).text);
  }
}

async function makePlan(
  repository: Reference,
  { days, running }: RetentionInputs,
  client: ReturnType<typeof registryClient>,
  { log, signal }: Runner,
): Promise<RetentionPlan> {
  const manifests = await readRepository({ repository, client, log, signal });
  const plan = planRetention(manifests, {
    ...{ running, days, now: new Date() },
    ...{ isKeyTag: isRecordTag, isCacheTag },
  });
  const { remove, keep } = plan;
  const name = `${repository.registry}/${repository.repository}`;
  log.info(`Of ${name} ${remove.length} can go, and ${keep.length} stay.`);
  for (const { digest, tags, because } of remove) {
    log.info(`${digest} (${tags.join(', ') || 'no tag'}) can go: ${because}.`);
  }
  return plan;
}

/** `removed` is what is gone by now; with `plan` that is nothing. */
function toJson(all: readonly Tidied[]): string {
  return JSON.stringify(
    all.map(({ repository, plan: { remove, keep }, removed }) => ({
      ...{ repository, remove, keep },
      removed: removed.map(({ digest }) => digest),
    })),
  );
}

function summarize({ repository, plan, removed }: Tidied, apply: boolean): Markdown[] {
  const { remove, keep } = plan;
  const gone = new Set(removed);
  const did = apply
    ? `${removed.length} of ${remove.length} removed`
    : `${remove.length} can be removed`;
  return [
    md`### Retention of ${code(repository)}: ${did}, ${keep.length} stay`,
    ...tableOf('Goes', remove, (one) => (apply && !gone.has(one) ? ' (still there)' : '')),
    md`<details><summary>What stays</summary>`,
    ...tableOf('Stays', keep, () => ''),
    md`</details>`,
  ];
}

function tableOf(
  title: string,
  judged: readonly Judged[],
  more: (one: Judged) => string,
): Markdown[] {
  if (judged.length === 0) return [md`${title}: nothing.`];
  const rows = judged.map((one) => {
    const { digest, tags, because } = one;
    return [code(digest), code(tags.join(', ')), md`${because}${more(one)}`];
  });
  const { markdown, shown } = tableWithin([md`${title}`, md`Tags`, md`Why`], rows, tableBytes);
  const left = judged.length - shown;
  return left === 0 ? [markdown] : [markdown, md`${left} more are in the output.`];
}
