/** What holds for all tags that have no prefix or suffix of their own. */
export interface Flavor {
  /** `auto`: the tag that comes first says it, and does so for versions and git tags. */
  readonly latest: 'auto' | 'true' | 'false';
  readonly prefix: Affix;
  readonly suffix: Affix;
}

interface Affix {
  readonly text: string;
  /** Whether `latest` has it too. */
  readonly onLatest: boolean;
}

export const noFlavor: Flavor = Object.freeze({
  latest: 'auto',
  prefix: { text: '', onLatest: false },
  suffix: { text: '', onLatest: false },
});
