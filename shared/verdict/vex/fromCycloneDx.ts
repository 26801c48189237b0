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

const Affected = v.object({
  ref: v.string(),
  versions: v.optional(
    v.array(v.object({ version: v.optional(v.string()), status: v.optional(v.string()) })),
    [],
  ),
});

/** CycloneDX 1.4 and later: a bill of materials, or only the vulnerabilities of another one. */
export const CycloneDx = v.object({
  serialNumber: v.optional(v.string()),
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
        affects: v.optional(v.array(Affected), []),
      }),
    ),
    [],
  ),
});

/** What references are resolved by. */
interface Bill {
  readonly serialNumber: string | undefined;
  /** The product that the document is about. */
  readonly root: Component | undefined;
  readonly purls: ReadonlyMap<string, string>;
}

/** What has no analysis says that there is a vulnerability, and nothing about it. */
export function fromCycloneDx(
  { serialNumber, metadata, components, vulnerabilities }: v.InferOutput<typeof CycloneDx>,
  source: string,
): VexStatement[] {
  const purls = new Map<string, string>();
  const root = metadata?.component;
  keepPurls([...(root === undefined ? [] : [root]), ...components], purls);
  const bill: Bill = { serialNumber, root, purls };
  const author = metadata?.supplier?.name ?? metadata?.authors?.[0]?.name;
  return vulnerabilities.flatMap(({ id, references, analysis, affects, updated, published }) => {
    const state = analysis?.state;
    if (analysis === undefined || state === undefined || id === undefined) return [];
    const statement: VexStatement = {
      vulnerabilities: [id, ...references.map((one) => one.id)].map((name) => name.toUpperCase()),
      products: affects.flatMap((affected) => productOf(affected, statuses[state], bill)),
      status: statuses[state],
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

type Affected = v.InferOutput<typeof Affected>;

/**
 * A reference is one of this document, a package URL, or a link into another bill of materials. What a
 * document says of a component, it says of it in the document's own product, and of no other.
 */
function productOf({ ref, versions }: Affected, status: VexStatus, bill: Bill): VexProduct[] {
  const link = /^urn:cdx:(?<serial>[^/]+)\/[^#]*#(?<inner>.*)$/s.exec(ref)?.groups;
  const inner = link === undefined ? ref : decode(link.inner ?? '');
  const purl = parsePurl(bill.purls.get(inner) ?? inner);
  if (purl === undefined) return [];
  const meant = ofVersions(purl, versions, status);
  if (meant.length === 0) return [];
  const bom = link && `urn:uuid:${link.serial}`;
  if (bom !== undefined && bom !== bill.serialNumber) {
    return [{ purls: [], digests: [], bom, parts: meant }];
  }
  const { root } = bill;
  if (root === undefined || inner === root['bom-ref'] || inner === root.purl) {
    return [{ purls: meant, digests: [], parts: [] }];
  }
  const product = parsePurl(root.purl ?? '');
  return [{ purls: product === undefined ? [] : [product], digests: [], parts: meant }];
}

/**
 * The versions that the status is about. In the format, a version is an affected one where it is not
 * said; a range (`vers:`) is not understood, so nothing is excused by it.
 */
function ofVersions(purl: Purl, versions: Affected['versions'], status: VexStatus): Purl[] {
  if (versions.length === 0) return [purl];
  const isExcuse = status === 'not_affected' || status === 'fixed';
  return versions
    .filter((one) => one.version !== undefined && (one.status === 'unaffected') === isExcuse)
    .map(({ version }) => ({ ...purl, version }));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
