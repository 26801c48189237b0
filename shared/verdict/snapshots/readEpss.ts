import { parse } from 'csv-parse/sync';
import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import { decompress } from './decompress.ts';
import type { Epss } from './Snapshots.ts';

const remedy = 'Download `epss_scores-current.csv.gz` of first.org again, as it is.';

/**
 * Reads first.org's scores (CSV; packed by gzip, too). Its first line is a comment that holds the date.
 *
 * @throws {Failure} when it is not that file
 */
export function readEpss(bytes: Uint8Array, file: string): Epss {
  const wrong = (why: string, cause?: unknown) =>
    new Failure({ what: `${oneLine(file)} holds no EPSS scores.`, why, remedy, cause });
  let text: string;
  let rows: string[][];
  try {
    text = decompress(bytes).toString('utf8');
    rows = parse(text, { bom: true, comment: '#', quote: false, trim: true }) as string[][];
  } catch (cause) {
    throw wrong(`${oneLine((cause as Error).message)}.`, cause);
  }
  const { version, date } =
    /^\ufeff?#\s*model_version:(?<version>[^,\r\n]*),\s*score_date:(?<date>\S+)/.exec(text)
      ?.groups ?? {};
  const madeAt = new Date(date ?? Number.NaN);
  if (Number.isNaN(madeAt.getTime())) throw wrong('Its first line does not tell the score_date.');
  const [head = [], ...lines] = rows;
  if (head[0] !== 'cve' || head[1] !== 'epss') throw wrong('Its columns are not cve, epss.');
  if (lines.length === 0) throw wrong('It has no scores.');
  const scores = new Map<string, number>();
  for (const [id = '', given = ''] of lines) {
    const score = given === '' ? Number.NaN : Number(given);
    if (!(score >= 0 && score <= 1)) {
      throw wrong(`${oneLine(id)} has the score ${oneLine(given)}, which is not between 0 and 1.`);
    }
    scores.set(id.toUpperCase(), score);
  }
  return { scores, version: version ?? '', madeAt };
}
