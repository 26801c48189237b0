import { describe, expect, it } from '@jest/globals';
import type { Place } from '../../../../shared/failure/Failure.ts';
import { fixture } from './fixtures/fixture.ts';
import { ProgressReader } from './ProgressReader.ts';
import { warnBuildChecks } from './warnBuildChecks.ts';

function annotations(
  progress: Parameters<typeof warnBuildChecks>[0],
  dockerfile: string | undefined,
  others?: number,
) {
  const written: [string, Place | undefined][] = [];
  const log = { warning: (text: string, place?: Place) => void written.push([text, place]) };
  warnBuildChecks(progress, () => dockerfile, log, others);
  return written;
}

const many = (count: number, more = 0) => ({
  warnings: Array.from({ length: count }, (_, i) => ({
    target: undefined,
    rule: 'Rule',
    text: `text ${i}`,
    url: undefined,
    file: 'Dockerfile',
    line: i + 1,
  })),
  moreWarnings: more,
});

describe('build checks become annotations', () => {
  it('on the lines of the Dockerfile', () => {
    const reader = new ProgressReader();
    for (const line of fixture('built')) reader.take(line);
    expect(annotations(reader.progress, 'docker/web.Dockerfile')).toEqual([
      [
        "FromAsCasing: 'as' and 'FROM' keywords' casing do not match. See https://docs.docker.com/go/dockerfile/rule/from-as-casing/",
        { file: 'docker/web.Dockerfile', line: 2 },
      ],
      [
        'SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ARG "API_TOKEN"). See https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/',
        { file: 'docker/web.Dockerfile', line: 9 },
      ],
      [
        'SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ENV "PASSWORD"). See https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/',
        { file: 'docker/web.Dockerfile', line: 10 },
      ],
    ]);
  });

  it('of the target whose they are, and once for targets of one Dockerfile', () => {
    const { warnings, moreWarnings } = many(1);
    const targets = ['web', 'job', 'job2'];
    const ofAll = targets.flatMap((target) => warnings.map((warning) => ({ ...warning, target })));
    const written: (Place | undefined)[] = [];
    const log = { warning: (_text: string, place?: Place) => void written.push(place) };
    const dockerfileOf = (target: string | undefined) => `${target?.slice(0, 3)}/Dockerfile`;
    warnBuildChecks({ warnings: ofAll, moreWarnings }, dockerfileOf, log);
    expect(written).toEqual([
      { file: 'web/Dockerfile', line: 1 },
      { file: 'job/Dockerfile', line: 1 },
    ]);
  });

  it('without a place when the Dockerfile is not in the repository', () => {
    expect(annotations(many(1), undefined)).toEqual([['Rule: text 0.', undefined]]);
  });

  it.each([
    [10, 0, 0, 10, undefined],
    [11, 0, 0, 10, 'BuildKit has 2 more warnings; the summary lists them.'],
    [100, 5, 0, 10, 'BuildKit has 96 more warnings; the summary lists them.'],
    [10, 0, 3, 7, 'BuildKit has 4 more warnings; the summary lists them.'],
    [2, 0, 10, 1, 'BuildKit has 2 more warnings; the summary lists them.'],
  ])('%d warnings and %d more beside %d others are %d', (count, more, others, shown, last) => {
    const written = annotations(many(count, more), 'Dockerfile', others);
    expect(written).toHaveLength(shown);
    if (last !== undefined) expect(written.at(-1)).toEqual([last, undefined]);
  });
});
