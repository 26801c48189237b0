/**
 * Reads a list as docker's actions do: CSV, so that an entry with a line break or a comma can stand in
 * double quotes; `#` begins a comment line.
 *
 * @param commas whether a comma parts entries too; else a line is one entry
 * @throws {InputProblem} when a quote is not closed
 */
export async function parseList(text: string, commas: boolean): Promise<string[]> {
  if (text.includes('"')) {
    // Few lists have quotes, and only those need a reader of CSV.
    const { parseQuoted } = await import('./parseQuoted.ts');
    return parseQuoted(text, commas);
  }
  const lines = parseLines(text);
  if (!commas) return lines;
  return lines
    .flatMap((line) => line.split(','))
    .map((field) => field.trim())
    .filter((field) => field !== '');
}

/** Lines as they are, where quotes belong to the value (`outputs`, in which buildx reads CSV itself). */
export function parseLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
