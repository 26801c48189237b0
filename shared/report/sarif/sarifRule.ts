import type { ReportingDescriptor, Result } from 'sarif';
import { oneLine } from '../../log/oneLine.ts';
import type { Finding } from '../../verdict/Finding.ts';
import type { Severity } from '../../verdict/Severity.ts';
import { blocks, link, md } from '../Markdown.ts';
import { webUri } from './relativeUri.ts';

/** GitHub shows ten of a rule's tags, and refuses more than twenty. */
const mostTags = 10;
/** GitHub cuts descriptions there. */
const longest = 1024;

/** Each within GitHub's ranges: critical above 9.0, high from 7.0, medium from 4.0. */
const scores: Readonly<Record<Severity, number | undefined>> = {
  CRITICAL: 9.5,
  HIGH: 8,
  MEDIUM: 5.5,
  LOW: 2,
  UNKNOWN: undefined,
};

export const levels: Readonly<Record<Severity, Result.level>> = {
  CRITICAL: 'error',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'note',
  UNKNOWN: 'note',
};

/** A rule by the worst finding that it has. */
export function sarifRule(finding: Finding, id: string): ReportingDescriptor {
  const { kind, title, severity, advice, url, weaknesses = [] } = finding;
  const what = oneLine(title ?? id, longest);
  const helpUri = webUri(url);
  const told = kind === 'secret' || advice === undefined ? undefined : oneLine(advice, longest);
  const score = scoreOf(finding);
  return {
    id,
    shortDescription: { text: what },
    // GitHub wants both descriptions.
    fullDescription: { text: told ?? what },
    help: {
      text: [what, told, helpUri].filter(Boolean).join('\n'),
      markdown: blocks(
        md`${what}`,
        told === undefined ? undefined : md`${told}`,
        link(md`${id}`, url),
      ).text,
    },
    ...(helpUri !== undefined && { helpUri }),
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: ['security', kind, ...weaknesses.map(weaknessTag)].slice(0, mostTags),
      precision: 'very-high',
      ...(score !== undefined && { 'security-severity': score.toFixed(1) }),
    },
  };
}

/** The score of CVSS, or one in the range of its severity. GitHub takes more than 0 and up to 10. */
export function scoreOf({ score, severity }: Finding): number | undefined {
  return score !== undefined && score >= 0.1 && score <= 10 ? score : scores[severity];
}

/** GitHub knows weaknesses by this form. */
function weaknessTag(weakness: string): string {
  return `external/cwe/${oneLine(weakness, 50).toLowerCase()}`;
}
