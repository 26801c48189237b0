import * as v from 'valibot';
import { duration } from '../../../../shared/action/parsers.ts';
import { checkJobSchema } from '../../../../shared/kube/verify/CheckJob.ts';

const text = v.pipe(v.string(), v.nonEmpty('is empty'));
const words = v.pipe(text, v.maxLength(1000, 'is longer than 1000 characters'));

/** Go's durations, as everywhere else. */
const time = v.pipe(
  text,
  v.regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, 'is not a duration such as 5s'),
  v.transform((given) => duration(given) as number),
  v.minValue(100, 'is shorter than 100ms'),
  v.maxValue(24 * 3_600_000, 'is longer than 24h'),
);

const pattern = v.pipe(
  words,
  v.check(isPattern, 'is not a regular expression'),
  v.transform((given) => new RegExp(given, 'm')),
);

function isPattern(given: string): boolean {
  try {
    return RegExp(given, 'm') instanceof RegExp;
  } catch {
    return false;
  }
}

const failures = v.optional(
  v.pipe(v.number(), v.integer('is not a whole number'), v.minValue(1, 'is less than 1')),
  1,
);
const status = v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599, 'is no status'));
const header = v.pipe(text, v.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no name of a header'));
/** The API server reads these itself. */
const sent = v.pipe(
  header,
  v.regex(
    /^(?!(?:authorization|host|cookie|content-length|connection|impersonate-.*)$)/i,
    'is not passed on',
  ),
  v.transform((name) => name.toLowerCase()),
);
const service = v.pipe(
  text,
  v.regex(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, 'is not the name of a service'),
);
const port = v.pipe(
  v.union([v.number(), v.string()], 'is neither a number nor a name'),
  v.transform(String),
  v.regex(/^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/, 'is neither a number nor a name of a port'),
);

const http = v.strictObject({
  service,
  port: v.optional(port),
  scheme: v.optional(v.picklist(['http', 'https']), 'http'),
  path: v.optional(
    v.pipe(text, v.regex(/^\/[!-~]*$/, 'does not begin with /, or has blanks')),
    '/',
  ),
  status: v.optional(
    v.pipe(
      v.union([status, v.pipe(v.array(status), v.nonEmpty('is empty'))], 'is no status'),
      v.transform((given) => [given].flat()),
    ),
    200,
  ),
  contains: v.optional(words),
  matches: v.optional(pattern),
  'request-headers': v.optional(v.record(sent, v.string()), {}),
  'response-headers': v.optional(
    v.record(
      v.pipe(
        header,
        v.transform((name) => name.toLowerCase()),
      ),
      pattern,
    ),
    {},
  ),
  every: v.optional(time, '2s'),
  timeout: v.optional(time, '5s'),
  failures,
});

const promql = v.strictObject({
  address: v.pipe(
    text,
    v.regex(/^https?:\/\/[^\s@?#]+$/, 'is not an address without password and query'),
  ),
  query: v.pipe(text, v.maxLength(10_000)),
  below: v.optional(v.number()),
  'at-most': v.optional(v.number()),
  'at-least': v.optional(v.number()),
  above: v.optional(v.number()),
  every: v.optional(time, '15s'),
  timeout: v.optional(time, '10s'),
  failures,
});

const logs = v.strictObject({
  matches: pattern,
  'per-minute': v.pipe(v.number(), v.integer('is not a whole number'), v.minValue(0)),
  container: v.optional(text),
});

/** The input `verify`: a list whose entries have one key each. */
export const verifySchema = v.pipe(
  v.array(
    v.strictObject({
      http: v.optional(http),
      promql: v.optional(promql),
      logs: v.optional(logs),
      restarts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0, 'is less than 0'))),
      'helm-tests': v.optional(v.strictObject({ timeout: v.optional(time, '5m') })),
      job: v.optional(
        v.strictObject({
          file: v.optional(text),
          manifest: v.optional(checkJobSchema),
          timeout: v.optional(time, '5m'),
        }),
      ),
    }),
  ),
  v.maxLength(50, 'has more than 50 checks'),
);

export type Written = v.InferOutput<typeof verifySchema>[number];
