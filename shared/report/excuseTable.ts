import { oneLine } from '../log/oneLine.ts';
import type { Excuse, Excused } from '../verdict/Verdict.ts';
import { nameOf } from './describeFinding.ts';
import { blocks, code, link, type Markdown, md } from './Markdown.ts';
import { type Row, tableWithin } from './table.ts';

const spareBytes = 200;

/** Findings that somebody answers for: who, why, and until when. */
export function excuseTable(waived: readonly Excused[], bytes: number): Markdown | undefined {
  if (waived.length === 0) return undefined;
  const head = ['Severity', 'Package', 'Finding', 'Who', 'Why', 'Until'].map((name) => md`${name}`);
  const { markdown, shown } = tableWithin(head, rows(waived), bytes - spareBytes);
  if (shown === waived.length) return markdown;
  const said = md`The summary has no room for ${waived.length - shown} more.`;
  return shown === 0 ? said : blocks(markdown, said);
}

function* rows(waived: readonly Excused[]): Generator<Row> {
  for (const { finding, excuse } of waived) {
    const { severity, id, url } = finding;
    const { who, why, until } = describeExcuse(excuse);
    yield [
      md`${severity}`,
      code(nameOf(finding)),
      link(code(oneLine(id)), url),
      md`${oneLine(who)}`,
      md`${oneLine(why, 1000)}`,
      md`${until}`,
    ];
  }
}

/** An excuse in one line of plain text. */
export function justify(excuse: Excuse): string {
  const { who, why, until } = describeExcuse(excuse);
  return `${oneLine(why, 1000)} (${oneLine(who)}${until === '' ? '' : `, until ${until}`})`;
}

/** An excuse in words; the texts are untrusted. */
function describeExcuse(excuse: Excuse): {
  readonly who: string;
  readonly why: string;
  readonly until: string;
} {
  if (excuse.kind === 'waiver') {
    const { owner, reason, expires, lacks = [] } = excuse.waiver;
    const until = lacks.includes('expires') ? 'no end is written' : day(expires);
    return { who: owner, why: reason, until };
  }
  const { status, justification, author, source } = excuse;
  return {
    who: author ?? source,
    why: `VEX: ${status}${justification === undefined ? '' : `, ${justification}`}`,
    until: '',
  };
}

/** The last day on which it holds: what ends at midnight does not hold on the day that begins there. */
function day(end: Date): string {
  return new Date(end.getTime() - 1).toISOString().slice(0, 10);
}
