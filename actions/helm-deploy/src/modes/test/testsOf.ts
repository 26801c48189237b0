import type { ReleaseRecord } from '../../../../../shared/helm/readRelease.ts';

/** The hooks that are tests, as `Pod/web-test`. */
export function testsOf({ hooks }: ReleaseRecord): readonly string[] {
  return hooks.flatMap(({ kind = '', name = '', events }) =>
    (events ?? []).some((event) => /^test(?:-success)?$/.test(event)) ? [`${kind}/${name}`] : [],
  );
}
