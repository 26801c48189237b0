import * as v from 'valibot';
import { ArmError } from './ArmError.ts';

/** The body of `scheduleRun` for a Dockerfile, of API version 2019-06-01-preview; other kinds are not built here. */
const schema = v.strictObject({
  type: v.literal('DockerBuildRequest'),
  isArchiveEnabled: v.optional(v.boolean()),
  agentPoolName: v.optional(v.string()),
  logTemplate: v.optional(v.string()),
  imageNames: v.optional(
    v.array(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._/-]*(:[\w.-]+)?$/))),
  ),
  isPushEnabled: v.optional(v.boolean(), true),
  noCache: v.optional(v.boolean(), false),
  dockerFilePath: v.pipe(v.string(), v.nonEmpty()),
  target: v.optional(v.string()),
  arguments: v.optional(
    v.array(
      v.strictObject({
        name: v.string(),
        value: v.string(),
        isSecret: v.optional(v.boolean(), false),
      }),
    ),
    [],
  ),
  timeout: v.optional(v.pipe(v.number(), v.integer(), v.minValue(300), v.maxValue(28_800)), 3600),
  platform: v.strictObject({
    os: v.picklist(['Linux', 'Windows']),
    architecture: v.optional(v.picklist(['amd64', 'x86', '386', 'arm', 'arm64']), 'amd64'),
    variant: v.optional(v.picklist(['v6', 'v7', 'v8'])),
  }),
  agentConfiguration: v.optional(v.strictObject({ cpu: v.optional(v.number()) })),
  sourceLocation: v.pipe(v.string(), v.nonEmpty()),
  credentials: v.optional(v.unknown()),
});

export type RunRequest = v.InferOutput<typeof schema>;

/**
 * Reads the body strictly; ARM itself passes over fields that it does not know.
 *
 * @throws {ArmError} that names the first thing that is wrong
 */
export function readRunRequest(body: Buffer): RunRequest {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw ArmError.badContent('Unexpected character encountered while parsing value.');
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw ArmError.badContent(`${v.getDotPath(issue) ?? ''}: ${issue.message}`);
}
