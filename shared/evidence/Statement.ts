import { Buffer } from 'node:buffer';
import * as v from 'valibot';
import { type Digest, parseDigest } from '../oci/Reference.ts';

/** What is claimed of an image or another thing in a registry (in-toto attestation framework, Statement v1). */
export interface Statement {
  /** What the claim is about. */
  readonly subject: { readonly name: string; readonly digest: Digest };
  /** A URI that says how the predicate is read. */
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

export const statementType = 'application/vnd.in-toto+json';
const formats = ['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1'] as const;

const schema = v.object({
  _type: v.picklist(formats),
  subject: v.tupleWithRest(
    [v.object({ name: v.optional(v.string(), ''), digest: v.record(v.string(), v.string()) })],
    v.unknown(),
  ),
  predicateType: v.string(),
  predicate: v.record(v.string(), v.unknown()),
});

export function formatStatement({ subject, predicateType, predicate }: Statement): Buffer {
  const [algorithm = '', hex = ''] = subject.digest.split(':');
  return Buffer.from(
    JSON.stringify({
      _type: formats[0],
      subject: [{ name: subject.name, digest: { [algorithm]: hex } }],
      predicateType,
      predicate,
    }),
  );
}

/** @returns `undefined` for what is no statement about one thing */
export function parseStatement(bytes: Uint8Array): Statement | undefined {
  try {
    const read = v.parse(schema, JSON.parse(new TextDecoder().decode(bytes)));
    const [subject, ...more] = read.subject;
    if (more.length > 0) return undefined;
    const digest = parseDigest(`sha256:${subject.digest.sha256}`);
    return {
      subject: { name: subject.name, digest },
      predicateType: read.predicateType,
      predicate: read.predicate,
    };
  } catch {
    return undefined;
  }
}
