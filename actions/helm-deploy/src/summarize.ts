import { formatReference } from '../../../shared/oci/Reference.ts';
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
  const objects = workloads.map(({ kind, name, ready, desired }) => [
    code(`${kind}/${name}`),
    md`${ready}/${desired}`,
  ]);
  return blocks(
    md`### Release ${code(inputs.release)} ${words[status]}`,
    failure && md`**${failure.what}** ${failure.why ?? ''} ${failure.remedy ?? ''}`,
    table([md``, md``], facts),
    objects.length === 0 ? undefined : table([md`Object`, md`Ready`], objects),
    failure?.details === undefined
      ? undefined
      : new Markdown(
          `<details><summary>Evidence</summary>\n\n${evidence(failure.details)}\n\n</details>`,
        ),
  ).text;
}

/** A line of code each, so that nothing in it can end the block. */
function evidence(details: string): string {
  return details
    .split('\n')
    .map((line) => code(line).text)
    .join('<br>\n');
}
