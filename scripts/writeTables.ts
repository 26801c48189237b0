import type { ActionMetadata } from './actions.ts';

/**
 * Writes the tables of inputs and outputs between their markers in an action's README.
 *
 * @param readme the present text, which has `<!-- inputs -->` … `<!-- /inputs -->` and the same for outputs
 * @throws {Error} when a marker is missing
 */
export function writeTables(readme: string, action: ActionMetadata): string {
  const inputs = Object.entries(action.inputs ?? {}).map(([name, input]) => [
    `\`${name}\``,
    cell(input.description),
    input.required ? '**required**' : standard(input.default),
  ]);
  const outputs = Object.entries(action.outputs ?? {}).map(([name, output]) => [
    `\`${name}\``,
    cell(output.description),
  ]);
  const withInputs = between(readme, 'inputs', table(['Input', 'What it is', 'Default'], inputs));
  return between(withInputs, 'outputs', table(['Output', 'What it is'], outputs));
}

/** Writes files between `<!-- example: path -->` and `<!-- /example -->`, as a block of YAML. */
export function writeExamples(readme: string, read: (path: string) => string): string {
  return readme.replace(
    /(<!-- example: (\S+) -->\n)[\s\S]*?(<!-- \/example -->)/g,
    (_, before: string, path: string, after: string) =>
      `${before}\n\`\`\`yaml\n${read(path).trim()}\n\`\`\`\n\n${after}`,
  );
}

/** Puts `owner/name` of this repository into each `uses:` of our own actions; a fork has another one. */
export function nameRepository(text: string, repository: string): string {
  return text.replace(/uses: [\w.-]+\/[\w.-]+\/actions\//g, `uses: ${repository}/actions/`);
}

function between(text: string, name: string, content: string): string {
  const markers = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!markers.test(text))
    throw new Error(`The README has no <!-- ${name} --> … <!-- /${name} -->.`);
  return text.replace(
    markers,
    (_, before: string, after: string) => `${before}\n${content}\n${after}`,
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

function cell(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
}

function standard(value: string | boolean | number | undefined): string {
  return value === undefined || value === ''
    ? ''
    : `\`${String(value).trim().replace(/\n/g, '`, `')}\``;
}
