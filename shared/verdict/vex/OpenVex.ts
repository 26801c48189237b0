import * as v from 'valibot';
import { vexStatuses } from './VexStatement.ts';

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

/** A product, or a part of one, by its names. */
export type Part = {
  readonly '@id'?: string | undefined;
  readonly identifiers?: { readonly purl?: string | undefined } | undefined;
  readonly hashes?: Readonly<Record<string, string>> | undefined;
};
