import type { Failure } from '../../../shared/failure/Failure.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { formatReference } from '../../../shared/oci/Reference.ts';
import { gantt } from '../../../shared/report/gantt.ts';
import { longText } from '../../../shared/report/longText.ts';
import { blocks, code, link, Markdown, md } from '../../../shared/report/Markdown.ts';
import { table } from '../../../shared/report/table.ts';
import { count } from '../../../shared/text/count.ts';
import { formatTime } from '../../../shared/text/formatTime.ts';
import type { Compared } from './compareRevisions.ts';
import type { Result, Status } from './deploy.ts';
import type { ImageRunning } from './imagesRunning.ts';
import type { Inputs } from './inputs.ts';
import { fieldRows } from './modes/plan/fieldRows.ts';
import { rolloutSections } from './rolloutSections.ts';
import type { CheckResult } from './verify/verify.ts';

const words: Readonly<Record<Status, string>> = {
  deployed: 'is ready',
  'rolled-back': 'failed and was rolled back',
  uninstalled: 'failed and was removed',
  failed: 'failed',
};

/** GitHub takes 1 MB of a summary, and nothing of a longer one: what is above the evidence has to stay. */
const largestEvidence = 500_000;
const mostObjects = 500;
/** More than these are not read here; the objects that changed are an output. */
const mostFields = 200;
const mostImages = 50;
const longestReason = 2000;
const longestNote = 300;

/** What others know of an image, by its digest: such as the verdict of its scan. */
export type ImageVerdicts = ReadonlyMap<string, Markdown>;

/** The job summary of a deploy: on failure the reason comes first; on success what runs now. */
export function summarize(
  inputs: Inputs,
  result: Result,
  verdicts: ImageVerdicts = new Map(),
): string {
  const { failure, status, workloads, times, compared, images = [] } = result;
  const checks = times?.checks ?? [];
  const rows = workloads
    .slice(0, mostObjects)
    .map(({ kind, name, ready, desired }) => [
      code(`${kind}/${name}`),
      md`${ready}/${desired}`,
      md`${readyAfter(times, `${kind}/${name}`)}`,
    ]);
  return blocks(
    md`### ${failure === undefined ? '✅' : '❌'} Release ${code(inputs.release)} ${words[status]}`,
    failure && reason(failure),
    facts(inputs, result),
    checks.length === 0 ? undefined : checkTable(checks),
    rows.length === 0 ? undefined : table([md`Object`, md`Ready`, md`After`], rows),
    images.length === 0 ? undefined : imageTable(images, verdicts),
    times && gantt(rolloutSections(times)),
    compared && changesOf(compared),
    failure?.details === undefined
      ? undefined
      : folded(md`Evidence`, longText(failure.details, largestEvidence)),
  ).text;
}

function facts(inputs: Inputs, result: Result) {
  const { revision, url, compared, durationMs, failure, images = [] } = result;
  const { namespace } = inputs;
  const previous = compared?.previous;
  const isNext = failure === undefined && previous !== undefined && previous !== revision;
  const before = isNext ? `, after ${previous}` : '';
  // What runs is told with its digest below; here is what should.
  const wanted = images.length > 0 ? [] : inputs.images;
  const rows: [Markdown, Markdown][] = [
    [md`Namespace`, code(namespace)],
    [md`Revision`, md`${revision === undefined ? 'none' : `${revision}${before}`}`],
    [md`Time`, md`${formatTime(durationMs)}`],
    ...wanted.map(({ path, image }): [Markdown, Markdown] => [
      md`Image at ${code(path)}`,
      code(formatReference(image)),
    ]),
    ...(url === undefined ? [] : [[md`Address`, link(code(url), url)] as [Markdown, Markdown]]),
  ];
  return table([md``, md``], rows);
}

const marks: Readonly<Record<CheckResult['state'], string>> = {
  held: '✅ held',
  failed: '❌ failed',
  incomplete: '❌ not judged',
  stopped: '⏹ stopped',
};

function checkTable(checks: readonly CheckResult[]): Markdown {
  const rows = checks.map(({ name, state, note, fromMs, toMs }) => [
    code(oneLine(name)),
    md`${marks[state]}`,
    md`${formatTime(toMs - fromMs)}`,
    // What failed is the reason above.
    md`${state === 'held' ? oneLine(note, longestNote) : ''}`,
  ]);
  return table([md`Verified`, md`Result`, md`For`, md``], rows);
}

function imageTable(images: readonly ImageRunning[], verdicts: ImageVerdicts): Markdown {
  const known = verdicts.size > 0;
  const rows = images
    .slice(0, mostImages)
    .map(({ image, digest = '', objects }) => [
      code(oneLine(image.replace(/@sha256:[0-9a-f]{64}$/, ''))),
      digest === '' ? md`–` : code(digest),
      md`${oneLine(objects.join(', '))}`,
      ...(known ? [verdicts.get(digest) ?? md`none`] : []),
    ]);
  return table([md`Image`, md`Digest`, md`In`, ...(known ? [md`Verdict`] : [])], rows);
}

/** Folded: what changed is looked up when something is not as it was. */
function changesOf({ previous, changes }: Compared): Markdown | undefined {
  if (previous === undefined) return undefined;
  if (changes.length === 0) return md`Nothing differs from revision ${previous}.`;
  const rows = changes.flatMap(({ object, change, fields }) =>
    fields.length === 0
      ? [[code(oneLine(object)), md`*${change}*`, md`–`, md`–`]]
      : fieldRows(object, fields),
  );
  const left = rows.length - mostFields;
  return folded(
    md`${count(changes.length, 'object')} changed since revision ${previous}`,
    blocks(
      table([md`Object`, md`Field`, md`Before`, md`After`], rows.slice(0, mostFields)),
      left > 0 ? md`…and ${count(left, 'more field')}.` : undefined,
    ),
  );
}

function folded(title: Markdown, content: Markdown): Markdown {
  return new Markdown(`<details><summary>${title.text}</summary>\n\n${content.text}\n\n</details>`);
}

function readyAfter(times: Result['times'], object: string): string {
  const found = times?.objects.find((one) => one.object === object);
  if (times === undefined || found?.readyMs === undefined) return '';
  return formatTime(found.readyMs - times.beganMs);
}

function reason({ what, why = '', remedy = '' }: Failure): Markdown {
  const [first, ...rest] = [what, why, remedy].map((text) => oneLine(text, longestReason));
  return md`**${first ?? ''}** ${rest.join(' ')}`;
}
