import { closeIssue } from '../../../../shared/github/closeIssue.ts';
import type { GitHub, Published } from '../../../../shared/github/GitHub.ts';
import { noteOnIssue } from '../../../../shared/github/noteOnIssue.ts';
import { openIssues } from '../../../../shared/github/openIssues.ts';
import { upsertIssue } from '../../../../shared/github/upsertIssue.ts';
import { code, link, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import type { ComponentResult } from './componentResults.ts';
import { issueReport, issueTitle, keptOpen } from './issueReport.ts';

/** All issues of ours have it, which is also how people find them. */
const label = 'trivy-gate';

export interface IssuesOptions {
  /** One a cluster: its components are told from those of another. */
  readonly category: string;
  /** Of the run. */
  readonly url: string;
  /** Whether all of a namespace was listed, so that what is not there is gone. */
  readonly isListed: (namespace: string) => boolean;
}

/**
 * Keeps one issue a component: opens or updates that of a violation, closes that of what passes or is
 * gone, and lets that of what could not be seen stay open, and say so.
 *
 * @throws {Failure} when GitHub does not answer, or refuses for another reason than a missing right
 */
export async function keepIssues(
  github: GitHub,
  results: readonly ComponentResult[],
  { category, url, isListed }: IssuesOptions,
): Promise<void> {
  const open = await openIssues(github, { label });
  // That was said already.
  if ('kind' in open) return;
  const prefix = `${category} `;
  for (const result of results) {
    const key = `${prefix}${result.component.name}`;
    const issue = open.get(key);
    if (result.outcome === 'violation') {
      const options = { key, label, title: issueTitle(result) };
      const body = issueReport(result, url).text;
      tell(github, result.component.name, await upsertIssue(github, { ...options, body }));
    } else if (issue !== undefined) {
      const done = isMended(result)
        ? closeIssue(github, { key, label, body: mended(result, url).text })
        : noteOnIssue(github, { key, issue, note: keptOpen(result, url).text });
      tell(github, result.component.name, await done);
    }
  }
  const names = new Set(results.map(({ component }) => component.name));
  for (const key of open.keys()) {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
    if (name === undefined || names.has(name) || !isListed(name.split('/')[0] ?? '')) continue;
    tell(github, name, await closeIssue(github, { key, label, body: gone(name, url).text }));
  }
}

function isMended({ outcome, component: { unknown } }: ComponentResult): boolean {
  return outcome === 'pass' && unknown.length === 0;
}

function mended({ component: { name } }: ComponentResult, url: string): Markdown {
  return md`By ${link(md`the last run`, url)} nothing counts in the images of ${code(name)} that run now.`;
}

function gone(name: string, url: string): Markdown {
  return md`By ${link(md`the last run`, url)} no pod of ${code(name)} runs any more.`;
}

function tell({ log }: GitHub, name: string, published: Published): void {
  // What the token may not was said already.
  if (published.kind === 'denied' || published.kind === 'unchanged') return;
  log.info(`The issue of ${name} was ${published.kind}: ${published.url ?? ''}`);
}
