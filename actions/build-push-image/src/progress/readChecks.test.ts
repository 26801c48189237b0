import { describe, expect, it } from '@jest/globals';
import { readChecks } from './readChecks.ts';

/** As buildx 0.38.0 prints it. */
const printed = `Check complete, 2 warnings have been found!

WARNING: FromAsCasing - https://docs.docker.com/go/dockerfile/rule/from-as-casing/
'as' and 'FROM' keywords' casing do not match
/work/web/Dockerfile:1
--------------------
   1 | >>> FROM scratch as a
   2 |     MAINTAINER me
--------------------

WARNING: SomethingElse
It is of no line
`;

describe('readChecks', () => {
  it('reads rules with their pages, texts and lines', () => {
    expect(readChecks(printed)).toEqual([
      {
        target: undefined,
        rule: 'FromAsCasing',
        url: 'https://docs.docker.com/go/dockerfile/rule/from-as-casing/',
        text: "'as' and 'FROM' keywords' casing do not match",
        file: '/work/web/Dockerfile',
        line: 1,
      },
      {
        ...{ target: undefined, rule: 'SomethingElse', url: undefined, text: 'It is of no line' },
        ...{ file: undefined, line: undefined },
      },
    ]);
  });

  it('finds nothing where all is well', () => {
    expect(readChecks('Check complete, no warnings found.\n')).toEqual([]);
  });
});
