interface Common {
  /** As it was given, for messages. */
  readonly line: string;
  /** Gives `true` or `false` once its expressions are known. */
  readonly enable: string;
  /** The higher, the earlier in the list; the first is the version. */
  readonly priority: number;
  /** `undefined` where the flavor's stands; an empty one takes that away. */
  readonly prefix: string | undefined;
  readonly suffix: string | undefined;
}

/** How one tag, or one whole reference, is made from the event. */
export type TagRule = Common &
  (
    | { readonly type: 'schedule'; readonly pattern: string }
    | {
        readonly type: 'semver' | 'pep440';
        readonly pattern: string;
        /** Instead of the git tag. */
        readonly value: string | undefined;
        /** The part of it that is the version. */
        readonly match: RegExp | undefined;
      }
    | {
        readonly type: 'match';
        readonly pattern: RegExp;
        readonly group: number;
        readonly value: string | undefined;
      }
    | { readonly type: 'edge'; readonly branch: string | undefined }
    | { readonly type: 'ref'; readonly event: 'branch' | 'tag' | 'pr' }
    | { readonly type: 'raw'; readonly value: string }
    | { readonly type: 'sha'; readonly format: 'short' | 'long' }
    | { readonly type: 'reference'; readonly value: string }
  );

export type RuleType = Exclude<TagRule['type'], 'reference'>;

/** Each type with its attributes, and its priority where none is given (docker/metadata-action's). */
export const ruleTypes: Readonly<
  Record<RuleType, { readonly priority: number; readonly attributes: readonly string[] }>
> = {
  schedule: { priority: 1000, attributes: ['pattern'] },
  semver: { priority: 900, attributes: ['pattern', 'value', 'match'] },
  pep440: { priority: 900, attributes: ['pattern', 'value', 'match'] },
  match: { priority: 800, attributes: ['pattern', 'group', 'value'] },
  edge: { priority: 700, attributes: ['branch'] },
  ref: { priority: 600, attributes: ['event'] },
  raw: { priority: 200, attributes: ['value'] },
  sha: { priority: 100, attributes: ['format'] },
};

/** What every type takes. */
export const commonAttributes = ['type', 'enable', 'priority', 'prefix', 'suffix'] as const;
