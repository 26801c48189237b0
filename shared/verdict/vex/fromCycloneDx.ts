import * as v from 'valibot';
import type { Purl } from '../../purl/Purl.ts';
import { parsePurl } from '../../purl/parsePurl.ts';
import { timeOf } from './timeOf.ts';
import type { VexProduct, VexStatement, VexStatus } from './VexStatement.ts';

const statuses = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
  false_positive: 'not_affected',
  not_affected: 'not_affected',
} as const satisfies Record<string, VexStatus>;

type Component = {
  readonly 'bom-ref'?: string | undefined;
  readonly purl?: string | undefined;
  readonly components?: readonly Component[] | undefined;
};
const Component: v.GenericSchema<Component> = v.object({
  'bom-ref': v.optional(v.string()),
  purl: v.optional(v.string()),
  components: v.optional(v.array(v.lazy(() => Component))),
});
const Author = v.object({ name: v.optional(v.string()) });

/** CycloneDX 1.4 and later: a bill of materials, or only the vulnerabilities of another one. */
export const CycloneDx = v.object({
  metadata: v.optional(
    v.object({
      timestamp: v.optional(v.string()),
      authors: v.optional(v.array(Author)),
      supplier: v.optional(Author),
      component: v.optional(Component),
    }),
  ),
  components: v.optional(v.array(Component), []),
  vulnerabilities: v.optional(
    v.array(
      v.object({
        id: v.optional(v.string()),
        references: v.optional(v.array(v.object({ id: v.string() })), []),
        updated: v.optional(v.string()),
        published: v.optional(v.string()),
        analysis: v.optional(
          v.object({
            state: v.optional(v.picklist(Object.keys(statuses) as (keyof typeof statuses)[])),
            justification: v.optional(v.string()),
            detail: v.optional(v.string()),
            lastUpdated: v.optional(v.string()),
          }),
        ),
        affects: v.optional(
          v.array(
            v.object({
              ref: v.string(),
              versions: v.optional(
                v.array(
                  v.object({ version: v.optional(v.string()), status: v.optional(v.string()) }),
                ),
                [],
              ),
            }),
          ),
          [],
        ),
      }),
    ),
    [],
  ),
});

/** What has no analysis says that there is a vulnerability, and nothing about it. */
export function fromCycloneDx(
  { metadata, components, vulnerabilities }: v.InferOutput<typeof CycloneDx>,
  source: string,
): VexStatement[] {
  const purls = new Map<string, string>();
  keepPurls([...(metadata?.component ? [metadata.component] : []), ...components], purls);
  const author = metadata?.supplier?.name ?? metadata?.authors?.[0]?.name;
  return vulnerabilities.flatMap(({ id, references, analysis, affects, updated, published }) => {
    if (analysis?.state === undefined || id === undefined) return [];
    const statement: VexStatement = {
      vulnerabilities: [id, ...references.map((one) => one.id)].map((name) => name.toUpperCase()),
      products: affects.flatMap((affected) => productOf(affected, purls)),
      status: statuses[analysis.state],
      justification: analysis.justification || undefined,
      impact: analysis.detail || undefined,
      author,
      statedAt: timeOf(analysis.lastUpdated, updated, published, metadata?.timestamp),
      source,
    };
    return [statement];
  });
}

function keepPurls(components: readonly Component[], purls: Map<string, string>): void {
  for (const { 'bom-ref': ref, purl, components: inner = [] } of components) {
    if (ref !== undefined && purl !== undefined) purls.set(ref, purl);
    keepPurls(inner, purls);
  }
}

/** A reference is one of this document, a package URL, or a BOM link that ends in either. */
function productOf(
  { ref, versions }: { ref: string; versions: { version?: string | undefined }[] },
  purls: ReadonlyMap<string, string>,
): VexProduct[] {
  const inner = ref.startsWith('urn:cdx:') ? decode(ref.slice(ref.indexOf('#') + 1)) : ref;
  const purl = parsePurl(purls.get(ref) ?? purls.get(inner) ?? inner);
  if (purl === undefined) return [];
  if (versions.length === 0) return [{ purls: [purl], digests: [], parts: [] }];
  // A range (`vers:`) is not understood, so nothing is excused by it.
  const exact: Purl[] = versions
    .filter(({ version }) => version !== undefined)
    .map(({ version }) => ({ ...purl, version }));
  return exact.length === 0 ? [] : [{ purls: exact, digests: [], parts: [] }];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
