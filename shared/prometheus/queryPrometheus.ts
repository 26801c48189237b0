import * as v from 'valibot';
import { Failure } from '../failure/Failure.ts';
import { shownAddress } from '../http/noAnswer.ts';
import type { Http } from '../http/request.ts';
import { oneLine } from '../log/oneLine.ts';
import type { Problem } from '../verify/Check.ts';

/** One value that a query gives; its labels are untrusted. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PromQuery {
  /** Of Prometheus, or of what speaks like it; without `/api/v1/query`. */
  readonly address: string;
  readonly query: string;
  readonly token?: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const value = v.tuple([v.number(), v.string()]);
const labels = v.record(v.string(), v.string());

/** The answers of the HTTP API of Prometheus, v1. */
const answerSchema = v.variant('status', [
  v.object({
    status: v.literal('success'),
    data: v.variant('resultType', [
      v.object({
        resultType: v.literal('vector'),
        result: v.array(v.object({ metric: labels, value: v.optional(value) })),
      }),
      v.object({ resultType: v.literal('scalar'), result: value }),
      v.object({ resultType: v.literal('matrix'), result: v.array(v.unknown()) }),
      v.object({ resultType: v.literal('string'), result: v.unknown() }),
    ]),
    warnings: v.optional(v.array(v.string())),
  }),
  v.object({ status: v.literal('error'), errorType: v.string(), error: v.string() }),
]);

/** Asks for the present value of a query: the samples of a vector or a scalar, or why there are none. */
export async function queryPrometheus(
  http: Http,
  { address, query, token, timeoutMs, signal }: PromQuery,
): Promise<readonly Sample[] | Problem> {
  const url = `${address.replace(/\/+$/, '')}/api/v1/query`;
  try {
    const { status, body } = await http({
      ...{ method: 'POST', url, repeatable: false, deadlineMs: timeoutMs, signal },
      body: new URLSearchParams({ query, timeout: `${timeoutMs}ms` }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    return readAnswer(status, body.toString(), shownAddress(url));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: 'away', what: error.what.replace(/\.$/, ''), why: error.why, remedy: wellAgain };
  }
}

const wellAgain = 'Run the job again when Prometheus is well.';

/** What an answer says. */
export function readAnswer(
  status: number,
  body: string,
  address: string,
): readonly Sample[] | Problem {
  const unjudged = (why: string, remedy: string): Problem => ({
    ...{ kind: 'unjudged', what: `${address} does not tell (${status})`, why, remedy },
  });
  if (status === 401 || status === 403) {
    return unjudged('It does not accept who asks', 'Give `prometheus-token`.');
  }
  const read = v.safeParse(answerSchema, asJson(body));
  if (!read.success) {
    if (status >= 500 || status === 429) {
      return { ...unjudged('It is not well', wellAgain), kind: 'away' };
    }
    return unjudged(
      `It is not the answer of a Prometheus: ${oneLine(body) || 'nothing'}`,
      'Give the address that has `/api/v1/query` below it.',
    );
  }
  const answer = read.output;
  if (answer.status === 'error') {
    const problem = unjudged(
      `It says: ${oneLine(answer.errorType)}: ${oneLine(answer.error, 500)}`,
      'Correct the query.',
    );
    return /^(?:bad_data|execution)$/.test(answer.errorType)
      ? problem
      : { ...problem, kind: 'away', remedy: wellAgain };
  }
  const { data } = answer;
  if (data.resultType === 'matrix' || data.resultType === 'string') {
    return unjudged(
      `The query gives a ${data.resultType === 'matrix' ? 'range vector' : 'string'}`,
      'Make it give one number a series, as with `rate(…[5m])`.',
    );
  }
  const samples =
    data.resultType === 'scalar'
      ? [{ labels: {}, value: numberOf(data.result[1]) }]
      : data.result.flatMap(({ metric, value: sample }) =>
          sample === undefined ? [] : [{ labels: metric, value: numberOf(sample[1]) }],
        );
  if (samples.length > 0) return samples;
  return unjudged(
    'The query gives no value: nothing was measured',
    'Correct the query; where no series means zero, end it with `or vector(0)`.',
  );
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As Prometheus writes numbers, in a text. */
function numberOf(text: string): number {
  const infinite = /^([+-]?)Inf$/.exec(text);
  if (infinite === null) return text === '' ? Number.NaN : Number(text);
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
