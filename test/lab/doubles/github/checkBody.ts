import { type BaseIssue, type GenericSchema, getDotPath, safeParse } from 'valibot';
import { GitHubError } from './GitHubError.ts';

/**
 * Reads a JSON body by the endpoint's schema. Unknown fields are refused at all endpoints: GitHub does so at many.
 *
 * @throws {GitHubError} as GitHub words it
 */
export function checkBody(schema: GenericSchema, body: Buffer): unknown {
  let value: unknown;
  try {
    value = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new GitHubError({ status: 400, message: 'Problems parsing JSON' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GitHubError({ status: 400, message: 'Body should be a JSON object' });
  }
  const result = safeParse(schema, value);
  if (result.success) return result.output;
  throw GitHubError.invalidRequest(result.issues.map(wording));
}

function wording(issue: BaseIssue<unknown>): string {
  const path = getDotPath(issue)?.split('.') ?? [];
  const field = JSON.stringify(path.at(-1) ?? '');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `${field} is not a permitted key.`;
  }
  if (issue.received === 'undefined') return `${field} wasn't supplied.`;
  const place = path.map((name) => `properties/${name}`).join('/');
  const given = JSON.stringify(issue.input);
  if (issue.type === 'picklist') {
    const members = issue.expected?.replace(/^\(|\)$/g, '').replaceAll(' | ', ', ');
    return `For '${place}', ${given} is not a member of [${members}].`;
  }
  if (issue.kind === 'validation')
    return `For '${place}', ${given} does not match ${issue.requirement ?? issue.expected}.`;
  return `For '${place}', ${given} is not ${article(issue.expected ?? '')}.`;
}

function article(type: string): string {
  const name = type.toLowerCase();
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}
