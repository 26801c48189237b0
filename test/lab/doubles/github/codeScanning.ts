import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { components } from '@octokit/openapi-types';
import * as v from 'valibot';
import { GitHubError } from './GitHubError.ts';
import { type Call, type Route, route } from './Route.ts';

type Schemas = components['schemas'];

/** Of the packed file; docs.github.com, "SARIF results file is too large". */
const largestUpload = 10 * 1024 * 1024;

/** docs.github.com, "SARIF support for code scanning", limits above which a file is refused. */
const most = { runs: 20, results: 25_000, rules: 25_000, locations: 1000, tags: 20 } as const;

const upload = v.strictObject({
  commit_sha: v.pipe(v.string(), v.regex(/^[0-9a-fA-F]+$/), v.length(40)),
  ref: v.pipe(v.string(), v.regex(/^refs\/(heads|tags|pull)\/.+$/)),
  sarif: v.string(),
  checkout_uri: v.optional(v.string()),
  started_at: v.optional(v.string()),
  tool_name: v.optional(v.nullable(v.string())),
  validate: v.optional(v.boolean()),
});

/** As much of SARIF 2.1.0 as GitHub judges. */
const sarifFile = v.looseObject({
  version: v.literal('2.1.0'),
  runs: v.array(
    v.looseObject({
      tool: v.looseObject({
        driver: v.looseObject({
          name: v.string(),
          rules: v.optional(
            v.array(
              v.looseObject({
                id: v.string(),
                properties: v.optional(v.looseObject({ tags: v.optional(v.array(v.string())) })),
              }),
            ),
          ),
        }),
      }),
      automationDetails: v.optional(v.looseObject({ id: v.optional(v.string()) })),
      results: v.optional(
        v.nullable(
          v.array(
            v.looseObject({
              message: v.looseObject({ text: v.optional(v.string()) }),
              locations: v.optional(v.array(v.unknown())),
            }),
          ),
        ),
      ),
    }),
  ),
});

export const codeScanning: readonly Route[] = [
  route({
    method: 'POST',
    pattern: '/repos/{owner}/{repo}/code-scanning/sarifs',
    permissions: [{ 'security-events': 'write' }],
    documentation: 'code-scanning/code-scanning#upload-an-analysis-as-sarif-data',
    body: upload,
    handle: receive,
  }),
  route({
    method: 'GET',
    pattern: '/repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}',
    permissions: [{ 'security-events': 'read' }],
    documentation: 'code-scanning/code-scanning#get-information-about-a-sarif-upload',
    handle: ({ asked, repository, path }) => {
      const found = repository.sarifs.find(({ id }) => id === path.sarif_id);
      if (found === undefined) throw GitHubError.notFound();
      if (found.pendingPolls > 0) {
        found.pendingPolls -= 1;
        return {
          status: 200,
          body: { processing_status: 'pending' } satisfies Schemas['code-scanning-sarifs-status'],
        };
      }
      const failed = found.errors.length > 0;
      const url = `${asked.origin}/repos/${repository.fullName}/code-scanning/analyses?sarif_id=${found.id}`;
      return {
        status: 200,
        body: {
          processing_status: failed ? 'failed' : 'complete',
          analyses_url: failed ? null : url,
          errors: failed ? [...found.errors] : null,
        } satisfies Schemas['code-scanning-sarifs-status'],
      };
    },
  }),
];

function receive({ asked, repository, body }: Call<v.InferOutput<typeof upload>>) {
  if (!repository.codeScanning) {
    throw new GitHubError({
      status: 403,
      message:
        'Code scanning is not enabled for this repository. Please enable code scanning in the repository settings.',
    });
  }
  const packed = Buffer.from(body.sarif, 'base64');
  if (packed.length > largestUpload) {
    throw new GitHubError({ status: 413, message: 'Payload too large' });
  }
  const sarif = unpack(packed, body.sarif);
  const id = randomUUID();
  repository.sarifs.push({
    id,
    commitSha: body.commit_sha,
    ref: body.ref,
    sarif,
    errors: problems(sarif),
    pendingPolls: repository.sarifPendingPolls,
  });
  return {
    status: 202,
    body: {
      id,
      url: `${asked.origin}/repos/${repository.fullName}/code-scanning/sarifs/${id}`,
    } satisfies Schemas['code-scanning-sarifs-receipt'],
  };
}

/** What is no base64, no gzip or no JSON is refused at once. */
function unpack(packed: Buffer, text: string): unknown {
  const refuse = (why: string) =>
    new GitHubError({ status: 400, message: `Invalid SARIF. ${why}` });
  if (packed.toString('base64') !== text) throw refuse('The sarif field is not Base64.');
  let json: string;
  try {
    json = gunzipSync(packed).toString('utf8');
  } catch {
    throw refuse('The sarif field is not gzip data.');
  }
  try {
    return JSON.parse(json);
  } catch {
    throw refuse('JSON syntax error');
  }
}

/** What is only found when the file is processed. */
function problems(sarif: unknown): string[] {
  const parsed = v.safeParse(sarifFile, sarif);
  if (!parsed.success) {
    return parsed.issues.map((issue) => `Invalid SARIF. ${v.getDotPath(issue)}: ${issue.message}`);
  }
  const { runs } = parsed.output;
  const over = (what: string, found: number, limit: number) =>
    found > limit
      ? [`rejecting SARIF, as there are more ${what} than allowed (${found} > ${limit})`]
      : [];
  const categories = runs.map(
    (run) => `${run.tool.driver.name} ${run.automationDetails?.id ?? ''}`,
  );
  return [
    ...over('runs', runs.length, most.runs),
    ...(new Set(categories).size < categories.length
      ? ['rejecting SARIF, as there are multiple runs with the same category']
      : []),
    ...runs.flatMap(({ tool, results }) => [
      ...over('results per run', results?.length ?? 0, most.results),
      ...over('rules per run', tool.driver.rules?.length ?? 0, most.rules),
      ...(tool.driver.rules ?? []).flatMap((rule) =>
        over('tags per rule', rule.properties?.tags?.length ?? 0, most.tags),
      ),
      ...(results ?? []).flatMap(({ locations = [] }) =>
        locations.length === 0
          ? ['locationFromSarifResult: expected at least one location']
          : over('locations per result', locations.length, most.locations),
      ),
    ]),
  ];
}
