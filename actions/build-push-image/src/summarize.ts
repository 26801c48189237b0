import type { Built } from './buildImage.ts';
import type { Inputs } from './inputs.ts';

/** The job summary of a build. */
export function summarize(inputs: Inputs, built: Built): string {
  const rows = [
    ['Digest', code(built.digest)],
    ...(inputs.push ? [['Reference', code(built.reference)]] : []),
    ['Tags', built.tags.map(code).join('<br>')],
    ['Time', `${(built.durationMs / 1000).toFixed(1)} s`],
  ];
  const { registry, repository } = inputs.image;
  return [
    `### Image ${code(`${registry}/${repository}`)} ${inputs.push ? 'built and pushed' : 'built, not pushed'}`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
  ].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
