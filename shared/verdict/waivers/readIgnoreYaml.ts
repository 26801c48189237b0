import * as v from 'valibot';
import { readChecked } from '../../yaml/readChecked.ts';
import type { FindingKind } from '../Finding.ts';
import type { Waiver } from '../Waiver.ts';
import { asWaiver } from './asWaiver.ts';
import { end, glob, purl, words } from './fields.ts';
import { parseExpiry } from './parseExpiry.ts';

const entries = v.optional(
  v.array(
    v.strictObject({
      id: words('The rule or advisory.'),
      paths: v.optional(v.array(glob('Only in these files.'))),
      purls: v.optional(v.array(purl('Only for these packages.'))),
      expired_at: v.optional(end('When it ends.')),
      statement: v.optional(v.string()),
    }),
  ),
);

const kinds = {
  vulnerabilities: 'vulnerability',
  misconfigurations: 'misconfiguration',
  secrets: 'secret',
  licenses: 'license',
} as const satisfies Record<string, FindingKind>;

const IgnoreFile = v.strictObject({
  vulnerabilities: entries,
  misconfigurations: entries,
  secrets: entries,
  licenses: entries,
});

/**
 * Reads a `.trivyignore.yaml`. An entry of several paths and packages becomes a waiver of each pair,
 * which is the same. Unlike Trivy, keys that it does not know are refused: a `path` that should have
 * been `paths` would ignore everywhere.
 *
 * @throws {AggregateError} of one Failure a problem, each with its place
 */
export function readIgnoreYaml(text: string, file: string): Waiver[] {
  const { value, at } = readChecked(text, IgnoreFile, { file, empty: {} });
  return Object.entries(kinds).flatMap(([section, kind]) =>
    (value[section as keyof typeof kinds] ?? []).flatMap((entry, index) => {
      const source = `${file}:${at([section, index]).line}`;
      const expires = entry.expired_at === undefined ? undefined : parseExpiry(entry.expired_at);
      const reason = entry.statement?.trim() || undefined;
      return scopesOf(entry).map((scope) =>
        asWaiver(
          { id: entry.id, kind, ...scope, source },
          reason,
          expires instanceof Date ? expires : undefined,
        ),
      );
    }),
  );
}

/** An empty list is no scope, as in Trivy. */
function scopesOf(entry: { paths?: string[] | undefined; purls?: string[] | undefined }) {
  const paths = entry.paths?.length ? entry.paths : [undefined];
  const purls = entry.purls?.length ? entry.purls : [undefined];
  return paths.flatMap((path) => purls.map((one) => ({ path, purl: one })));
}
