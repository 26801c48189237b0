import { code, Markdown } from '../../../../shared/report/Markdown.ts';

const most = 50;

/** Names below each other in one cell of a table. */
export function codeList(names: readonly string[]): Markdown {
  const shown = names.slice(0, most).map((name) => code(name).text);
  if (names.length > most) shown.push(`${names.length - most} more`);
  return new Markdown(shown.join('<br>'));
}
