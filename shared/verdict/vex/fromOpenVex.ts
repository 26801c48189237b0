import * as v from 'valibot';
import { parsePurl } from '../../purl/parsePurl.ts';
import { timeOf } from './timeOf.ts';
import { type VexProduct, type VexStatement, vexStatuses } from './VexStatement.ts';

const component = {
  '@id': v.optional(v.string()),
  identifiers: v.optional(v.object({ purl: v.optional(v.string()) })),
  hashes: v.optional(v.record(v.string(), v.string())),
};
const Component = v.union([
  v.pipe(
    v.string(),
    v.transform((id) => ({ '@id': id })),
  ),
  v.object(component),
]);

/** OpenVEX 0.2, and 0.0.1, in which vulnerabilities and products are bare names. */
export const OpenVex = v.object({
  author: v.optional(v.string()),
  timestamp: v.optional(v.string()),
  last_updated: v.optional(v.string()),
  statements: v.array(
    v.object({
      vulnerability: v.union([
        v.pipe(
          v.string(),
          v.transform((name) => ({ '@id': undefined, name, aliases: [] as string[] })),
        ),
        v.object({
          '@id': v.optional(v.string()),
          name: v.optional(v.string()),
          aliases: v.optional(v.array(v.string()), []),
        }),
      ]),
      products: v.optional(
        v.array(
          v.union([
            v.pipe(
              v.string(),
              v.transform((id) => ({ '@id': id, subcomponents: [] as Part[] })),
            ),
            v.object({ ...component, subcomponents: v.optional(v.array(Component), []) }),
          ]),
        ),
        [],
      ),
      subcomponents: v.optional(v.array(Component), []),
      status: v.picklist(vexStatuses),
      justification: v.optional(v.string()),
      impact_statement: v.optional(v.string()),
      timestamp: v.optional(v.string()),
      last_updated: v.optional(v.string()),
    }),
  ),
});

type Part = {
  readonly '@id'?: string | undefined;
  readonly identifiers?: { readonly purl?: string | undefined } | undefined;
  readonly hashes?: Readonly<Record<string, string>> | undefined;
};

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
