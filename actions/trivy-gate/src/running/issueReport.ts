import { oneLine } from '../../../../shared/log/oneLine.ts';
import { code, link, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import { Sections } from '../../../../shared/report/Sections.ts';
import { countBySeverity, describeCounts } from '../../../../shared/verdict/countBySeverity.ts';
import type { ComponentResult } from './componentResults.ts';
import { imageSection } from './imageSection.ts';

/** GitHub takes 65,536 characters, of which each has a byte or more; the marker takes some. */
const bytes = 60_000;

/** A title that says enough in a list of issues. */
export function issueTitle({ component: { name }, images }: ComponentResult): string {
  const counted = images.flatMap(({ seen }) => seen.judgement.counted);
  return `${name} runs with ${describeCounts(countBySeverity(counted))}`;
}

/** What counts in the images of one component, for those who mend it. */
export function issueReport(
  { component: { name, unknown }, images }: ComponentResult,
  url: string,
): Markdown {
  const sections = new Sections(bytes);
  const run = link(md`the last run`, url);
  sections.add(
    md`What counts in the images of ${code(oneLine(name))} that run now, by ${run}. This text is written anew by each run; the issue is closed when they pass.`,
  );
  for (const place of unknown) sections.add(md`⚠️ Not seen: ${oneLine(place)}`);
  const bad = images.filter(({ seen }) => seen.judgement.verdict.outcome !== 'pass');
  for (const one of bad) {
    if (sections.add(imageSection(one, sections.left / 2))) continue;
    sections.add(md`There is no room for all images; ${run} has the rest.`);
    break;
  }
  return sections.end();
}

/** Why an issue stays open although nothing that counts was seen. */
export function keptOpen(
  { component: { unknown }, images }: ComponentResult,
  url: string,
): Markdown {
  const reason = images
    .map(({ seen }) => seen.judgement.verdict)
    .find(({ outcome }) => outcome === 'incomplete')?.reason;
  const why = reason ?? `Not seen: ${unknown.join(', ')}`;
  return md`⚠️ Whether this is mended is not known: by ${link(md`the last run`, url)} not all was seen. ${oneLine(why, 1000)}`;
}
