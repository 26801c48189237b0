import { blocks, code, Markdown, md } from '../../../shared/report/Markdown.ts';
import { table } from '../../../shared/report/table.ts';
import type { Built } from './buildImage.ts';
import type { Inputs } from './inputs.ts';

/** The job summary of a build. */
export function summarize(inputs: Inputs, built: Built): string {
  const { registry, repository } = inputs.image;
  return blocks(
    md`### Image ${code(`${registry}/${repository}`)} ${inputs.push ? 'built and pushed' : 'built, not pushed'}`,
    table(
      [md``, md``],
      [
        [md`Digest`, code(built.digest)],
        [md`Tags`, new Markdown(built.tags.map((tag) => code(tag).text).join('<br>'))],
        [md`Time`, md`${(built.durationMs / 1000).toFixed(1)} s`],
      ],
    ),
  ).text;
}
