import type { GenericSchema, InferOutput } from 'valibot';
import type { Answer, Asked } from '../serve.ts';
import type { GitHubState, Organization, Permissions, Repository, Token } from './GitHubState.ts';

/** What a handler gets of one request that was let in. */
export interface Call<Body = undefined> {
  readonly state: GitHubState;
  readonly asked: Asked;
  /** The values of `{name}` in the pattern. */
  readonly path: Readonly<Record<string, string>>;
  /** That of `{owner}` and `{repo}`. */
  readonly repository: Repository;
  /** That of `{org}`. */
  readonly organization: Organization;
  readonly body: Body;
  readonly permissions: Permissions;
  readonly token: Token;
  /** The time now, as GitHub writes it. */
  readonly now: string;
}

export interface Route {
  readonly method: string;
  readonly pattern: string;
  /** One of these is enough; none is needed where there are none. */
  readonly permissions: readonly Permissions[];
  /** Below `https://docs.github.com/rest/`. */
  readonly documentation: string;
  readonly body?: GenericSchema;
  readonly handle: (call: Call<never>) => Answer;
}

/** A route whose handler gets the body that its schema describes. */
export function route<Schema extends GenericSchema | undefined = undefined>(
  definition: Omit<Route, 'handle' | 'body'> & {
    readonly body?: Schema;
    readonly handle: (
      call: Call<Schema extends GenericSchema ? InferOutput<Schema> : undefined>,
    ) => Answer;
  },
): Route {
  return definition as unknown as Route;
}

/** Whether the pattern is meant, and with which values. */
export function matchPattern(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? '');
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) values[name] = value;
    else if (part !== value) return undefined;
  }
  return values;
}
