import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { code, type Markdown, md } from '../../../../../shared/report/Markdown.ts';
import { Sections } from '../../../../../shared/report/Sections.ts';
import { tableWithin } from '../../../../../shared/report/table.ts';
import { count } from '../../../../../shared/text/count.ts';
import { fieldRows, fieldsHead } from './fieldRows.ts';
import type { Plan, PlannedObject } from './Plan.ts';

export interface PlanReportOptions {
  /** What stands in the way of a deploy, the worst first. */
  readonly obstacles: readonly string[];
  /** Hooks that would run. */
  readonly hooks: readonly string[];
  /** Said before all else, as of a plan without a cluster. */
  readonly remarks: readonly string[];
  /** The most that it may take, in UTF-8. */
  readonly bytes: number;
}

const longest = 1000;
const spareBytes = 1000;
const words = [
  ['added', 'added'],
  ['changed', 'changed'],
  ['removed', 'removed'],
  ['kept', 'left in the cluster'],
  ['unknown', 'not known'],
] as const;

/** What a deploy would do, for a reviewer: the sum, what stands in the way, then object by object. */
export function planReport(plan: Plan, options: PlanReportOptions): Markdown {
  const { obstacles, hooks, remarks, bytes } = options;
  const sections = new Sections(bytes - spareBytes);
  sections.add(md`### Plan of release ${code(plan.release)} in ${code(plan.namespace)}`);
  sections.add(md`**${sumOf(plan)}**`);
  sections.addSome(
    remarks.map((text) => md`${oneLine(text, longest)}`),
    0.1,
  );
  if (obstacles.length > 0) sections.add(md`A deploy would stop here:`);
  sections.addSome(
    obstacles.map((text) => md`❌ ${oneLine(text, longest)}`),
    0.3,
  );
  const touched = plan.objects.filter(({ change }) => change !== 'unchanged');
  if (touched.length > 0) sections.add(objectTable(touched, sections.left / 3));
  const fields = touched.flatMap((one) => fieldRows(one.object, one.fields));
  if (fields.length > 0) {
    const { markdown, shown } = tableWithin(fieldsHead, fields, sections.left - spareBytes);
    sections.add(markdown);
    if (shown < fields.length) {
      sections.add(
        md`…and ${count(fields.length - shown, 'more field')}; the saved plan has them all.`,
      );
    }
  }
  if (hooks.length > 0) {
    sections.add(md`Hooks that run: ${hooks.map((name) => oneLine(name)).join(', ')}.`);
  }
  return sections.end();
}

/** `1 object is added, 2 are changed; 5 stay as they are.` */
export function sumOf({ objects, revision }: Pick<Plan, 'objects' | 'revision'>): string {
  const number = (kind: PlannedObject['change']) =>
    objects.filter(({ change }) => change === kind).length;
  const parts = words.flatMap(([kind, word]) =>
    number(kind) === 0 ? [] : [`${number(kind)} ${word}`],
  );
  const rest = number('unchanged');
  const base =
    revision === 0 ? 'Nothing is deployed yet' : `Against revision ${revision} in the cluster`;
  const sum = parts.length === 0 ? 'nothing changes' : parts.join(', ');
  return `${base}: ${sum}${rest === 0 ? '' : `; ${count(rest, 'object')} unchanged`}.`;
}

function objectTable(objects: readonly PlannedObject[], bytes: number): Markdown {
  const rows = objects.map(({ object, change, note = '' }) => [
    code(oneLine(object)),
    md`${change}`,
    md`${oneLine(note, longest)}`,
  ]);
  const { markdown, shown } = tableWithin([md`Object`, md`What happens`, md``], rows, bytes);
  return shown === rows.length
    ? markdown
    : md`${markdown}\n\n…and ${count(rows.length - shown, 'more object')}.`;
}
