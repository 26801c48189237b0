import type { Failure } from '../../../shared/failure/Failure.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { formatReference } from '../../../shared/oci/Reference.ts';
import { longText } from '../../../shared/report/longText.ts';
import { blocks, code, Markdown, md, prose } from '../../../shared/report/Markdown.ts';
import { table } from '../../../shared/report/table.ts';
import type { Result, Status } from './deploy.ts';
import type { Inputs } from './inputs.ts';

const words: Readonly<Record<Status, string>> = {
  deployed: 'is ready',
  'rolled-back': 'failed and was rolled back',
  uninstalled: 'failed and was removed',
  failed: 'failed',
};

/** GitHub takes 1 MB of a summary, and nothing of a longer one: what is above the evidence has to stay. */
const largestEvidence = 600_000;
const mostObjects = 500;
const longestReason = 2000;

/** The job summary of a deploy: on failure the reason comes first. */
export function summarize(inputs: Inputs, result: Result): string {
  const { failure, revision, status, url, workloads, durationMs } = result;
  const facts: [Markdown, Markdown][] = [
    [md`Namespace`, code(inputs.namespace)],
    [md`Revision`, prose(revision === undefined ? 'none' : String(revision))],
    [md`Time`, md`${(durationMs / 1000).toFixed(1)} s`],
    ...inputs.images.map(({ path, image }): [Markdown, Markdown] => [
      md`Image at ${code(path)}`,
      code(formatReference(image)),
    ]),
    ...(url === undefined ? [] : [[md`Address`, code(url)] as [Markdown, Markdown]]),
  ];
  const objects = workloads
    .slice(0, mostObjects)
    .map(({ kind, name, ready, desired }) => [code(`${kind}/${name}`), md`${ready}/${desired}`]);
  return blocks(
    md`### Release ${code(inputs.release)} ${words[status]}`,
    failure && reason(failure),
    table([md``, md``], facts),
    objects.length === 0 ? undefined : table([md`Object`, md`Ready`], objects),
    failure?.details === undefined
      ? undefined
      : new Markdown(
          `<details><summary>Evidence</summary>\n\n${longText(failure.details, largestEvidence).text}\n\n</details>`,
        ),
  ).text;
}

function reason({ what, why = '', remedy = '' }: Failure): Markdown {
  const [first, ...rest] = [what, why, remedy].map((text) => oneLine(text, longestReason));
  return md`**${first ?? ''}** ${rest.join(' ')}`;
}
