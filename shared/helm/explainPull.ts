import type { FailureParts } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { plainText } from '../log/sanitize.ts';
import { explainHelmError } from './explainHelmError.ts';

interface Asked {
  readonly chart: string;
  readonly repository: string | undefined;
  readonly version: string | undefined;
}

/**
 * Tells in words why a chart could not be fetched.
 *
 * @param output what Helm printed (untrusted)
 */
export function explainPull(
  output: string,
  { chart, repository, version }: Asked,
): Pick<FailureParts, 'what' | 'why' | 'remedy'> {
  const text = plainText(output);
  const said = oneLine((/Error: ([\s\S]*)/.exec(text)?.[1] ?? text).trim(), 400);
  const missing = /(?:chart "[^"]*"|version) .*not found in|no chart version found|not found/i;
  if (/not a valid chart repository|error unmarshaling JSON|cannot unmarshal/.test(text)) {
    const html = /<html|<!doctype|cannot unmarshal string|mapping values|invalid character '<'/i;
    return {
      what: `Input repository: ${oneLine(repository ?? chart)} is not a chart repository.`,
      why: html.test(text) ? `It answers with a page, not with an index: ${said}` : said,
      remedy: 'Check the address: `index.yaml` lies right below it.',
    };
  }
  const status = /failed to fetch \S+ : (\d{3})\b|: (\d{3}) [A-Z]/.exec(text);
  if (status !== null && !/perform "\w+"/.test(text)) {
    const code = status[1] ?? status[2];
    return {
      what: `Input chart: ${oneLine(repository ?? chart)} answers ${code}.`,
      why: said,
      remedy:
        code === '404'
          ? 'Check the address, the name and the version.'
          : 'Check that this runner may read it, and try again later.',
    };
  }
  if (missing.test(text) && !/perform "\w+"/.test(text)) {
    return {
      what: `Input chart: ${oneLine(repository ?? '')} has no ${oneLine(chart)}${version === undefined ? '' : ` ${oneLine(version)}`}.`,
      why: said,
      remedy: 'Check the name in `chart` and the version in `chart-version`.',
    };
  }
  const known = explainHelmError(output);
  if (known.what !== 'Helm failed.') return known;
  return {
    what: `Input chart: ${oneLine(chart)} cannot be fetched.`,
    why: said,
    remedy: 'Check the address and the version, and that this runner reaches it.',
  };
}
