import * as v from 'valibot';
import { ArmError } from './ArmError.ts';

const text = v.pipe(v.string(), v.nonEmpty());
const repository = /^[a-z0-9]+(?:[._/-][a-z0-9]+)*/.source;

/** The body of `importImage`; one of `resourceId` and `registryUri` says where it comes from. */
const schema = v.strictObject({
  source: v.strictObject({
    resourceId: v.optional(text),
    registryUri: v.optional(text),
    credentials: v.optional(v.strictObject({ username: v.optional(text), password: text })),
    sourceImage: v.pipe(
      text,
      v.regex(new RegExp(`${repository}(?::[\\w.-]+|@sha256:[0-9a-f]{64})?$`)),
    ),
  }),
  targetTags: v.optional(
    v.array(v.pipe(text, v.regex(new RegExp(`${repository}(?::[\\w.-]+)?$`)))),
  ),
  untaggedTargetRepositories: v.optional(
    v.array(v.pipe(text, v.regex(new RegExp(`${repository}$`)))),
  ),
  mode: v.optional(v.picklist(['Force', 'NoForce']), 'NoForce'),
});

export type ImportRequest = v.InferOutput<typeof schema>;

/**
 * Reads the body strictly; ARM itself passes over fields that it does not know.
 *
 * @throws {ArmError} that names the first thing that is wrong
 */
export function readImportRequest(body: Buffer, contentType: string | undefined): ImportRequest {
  if (!/^application\/json\b/i.test(contentType ?? '')) throw ArmError.noContentType();
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw ArmError.badContent('Unexpected character encountered while parsing value.');
  }
  const result = v.safeParse(schema, value);
  if (!result.success) {
    const [issue] = result.issues;
    throw ArmError.badContent(`${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  }
  const { source, targetTags = [], untaggedTargetRepositories = [] } = result.output;
  if ((source.resourceId === undefined) === (source.registryUri === undefined)) {
    throw ArmError.badContent('source: exactly one of resourceId and registryUri is needed.');
  }
  if (source.resourceId !== undefined && source.credentials !== undefined) {
    throw ArmError.badContent('source.credentials: only with registryUri.');
  }
  if (targetTags.length + untaggedTargetRepositories.length === 0) {
    throw ArmError.badContent('targetTags or untaggedTargetRepositories is needed.');
  }
  return result.output;
}
