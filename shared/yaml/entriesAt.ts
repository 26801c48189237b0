import type * as v from 'valibot';
import type { Path } from './path.ts';

/** What schemas are made of, as far as it leads to their keys. */
type Wrapping = {
  readonly wrapped?: Wrapping;
  readonly pipe?: readonly Wrapping[];
  readonly item?: Wrapping;
  readonly entries?: Readonly<Record<string, Wrapping>>;
};

/** The keys that the schema knows at a path. */
export function entriesAt(schema: v.GenericSchema, path: Path) {
  let at = bare(schema as unknown as Wrapping);
  for (const key of path) at = bare(typeof key === 'number' ? at?.item : at?.entries?.[key]);
  return at?.entries ?? {};
}

function bare(schema: Wrapping | undefined): Wrapping | undefined {
  if (schema?.wrapped !== undefined) return bare(schema.wrapped);
  const first = schema?.pipe?.[0];
  return first === undefined || first === schema ? schema : bare(first);
}
