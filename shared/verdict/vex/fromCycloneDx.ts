import type * as v from 'valibot';
import { type Component, type CycloneDx, statuses } from './CycloneDx.ts';
import { type Bill, productOf } from './cycloneDxProducts.ts';
import { timeOf } from './timeOf.ts';
import type { VexStatement } from './VexStatement.ts';

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
