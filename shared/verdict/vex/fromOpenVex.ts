import type * as v from 'valibot';
import { parsePurl } from '../../purl/parsePurl.ts';
import type { OpenVex, Part } from './OpenVex.ts';
import { timeOf } from './timeOf.ts';
import type { VexProduct, VexStatement } from './VexStatement.ts';

export function fromOpenVex(
  document: v.InferOutput<typeof OpenVex>,
  source: string,
): VexStatement[] {
  return document.statements.map((statement) => {
    const { vulnerability: named } = statement;
    // An id can be an address whose end is the name.
    const names = [named.name, named['@id']?.split('/').at(-1), ...named.aliases];
    return {
      vulnerabilities: [...new Set(names.filter((name) => name !== undefined && name !== ''))].map(
        (name) => (name as string).toUpperCase(),
      ),
      products: statement.products.flatMap((product) =>
        productOf(product, [...product.subcomponents, ...statement.subcomponents]),
      ),
      status: statement.status,
      justification: statement.justification || undefined,
      impact: statement.impact_statement || undefined,
      author: document.author,
      statedAt: timeOf(
        statement.last_updated,
        statement.timestamp,
        document.last_updated,
        document.timestamp,
      ),
      source,
    };
  });
}

/** A product of which parts are named, none of which can be read, is not all of it: it is left out. */
function productOf(product: Part, subcomponents: readonly Part[]): VexProduct[] {
  const parts = subcomponents.flatMap(purlsOf);
  if (parts.length === 0 && subcomponents.length > 0) return [];
  const hash = product.hashes?.['sha-256'] ?? product.hashes?.sha256;
  return [
    { purls: purlsOf(product), digests: hash === undefined ? [] : [`sha256:${hash}`], parts },
  ];
}

function purlsOf({ '@id': id, identifiers }: Part) {
  return [id, identifiers?.purl]
    .map((text) => parsePurl(text ?? ''))
    .filter((purl) => purl !== undefined);
}
