import { type Answer, type Asked, type Served, serve } from './serve.ts';

/** What the double answers to a query; its shapes are those of the HTTP API of Prometheus, v1. */
export type PromResult =
  | {
      readonly vector: readonly {
        readonly labels?: Record<string, string>;
        readonly value: string;
      }[];
    }
  | { readonly scalar: string }
  | { readonly matrix: true }
  | { readonly error: 'bad_data' | 'execution' | 'timeout' | 'internal'; readonly says: string };

export interface PrometheusOptions {
  /** By query; it is asked each time. A query that it does not have is a mistake in it. */
  readonly queries: Readonly<Record<string, () => PromResult>>;
  /** A bearer token without which nothing is told. */
  readonly token?: string;
}

const statuses = { bad_data: 400, execution: 422, timeout: 503, internal: 500 } as const;

/**
 * A strict double of Prometheus' `/api/v1/query`: it takes what the documentation says (GET with a query, POST
 * with a form) and refuses all else as Prometheus does.
 */
export function servePrometheus(options: PrometheusOptions): Promise<Served> {
  return serve((asked) => answer(asked, options));
}

function answer(asked: Asked, { queries, token }: PrometheusOptions): Answer {
  if (token !== undefined && asked.headers.authorization !== `Bearer ${token}`) {
    return { status: 401, body: 'Unauthorized' };
  }
  if (asked.path !== '/api/v1/query') return { status: 404, body: '404 page not found' };
  if (asked.method !== 'GET' && asked.method !== 'POST') {
    return { status: 405, body: 'Method Not Allowed' };
  }
  const form = parametersOf(asked);
  const query = form.get('query') ?? '';
  const timeout = form.get('timeout');
  if (query === '')
    return failed(
      'bad_data',
      'invalid parameter "query": unknown position: parse error: no expression found in input',
    );
  if (timeout !== null && !/^(\d+(\.\d+)?|(\d+(ms|s|m|h|d|w|y))+)$/.test(timeout)) {
    return failed(
      'bad_data',
      `invalid parameter "timeout": cannot parse "${timeout}" to a valid duration`,
    );
  }
  const result =
    queries[query]?.() ??
    ({
      ...{
        error: 'bad_data',
        says: `invalid parameter "query": 1:1: parse error: unexpected <${query}>`,
      },
    } as const);
  if ('error' in result) return failed(result.error, result.says);
  const now = Date.now() / 1000;
  if ('scalar' in result) return succeeded('scalar', [now, result.scalar]);
  if ('matrix' in result) return succeeded('matrix', [{ metric: {}, values: [[now, '1']] }]);
  return succeeded(
    'vector',
    result.vector.map(({ labels = {}, value }) => ({ metric: labels, value: [now, value] })),
  );
}

/** A form without its type is not read, as Go does. */
function parametersOf({ method, query, headers, body }: Asked): URLSearchParams {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const form = method === 'POST' && isForm ? new URLSearchParams(body.toString()) : [];
  return new URLSearchParams([...form, ...query]);
}

function succeeded(resultType: string, result: unknown): Answer {
  return { status: 200, body: { status: 'success', data: { resultType, result } } };
}

function failed(errorType: keyof typeof statuses, error: string): Answer {
  return { status: statuses[errorType], body: { status: 'error', errorType, error } };
}
