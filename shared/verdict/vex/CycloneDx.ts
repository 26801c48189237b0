import * as v from 'valibot';
import type { VexStatus } from './VexStatement.ts';

/** The states of the format, in the words of OpenVEX. */
export const statuses = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
  false_positive: 'not_affected',
  not_affected: 'not_affected',
} as const satisfies Record<string, VexStatus>;

export type Component = {
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

export const Affected = v.object({
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

export type Affected = v.InferOutput<typeof Affected>;
