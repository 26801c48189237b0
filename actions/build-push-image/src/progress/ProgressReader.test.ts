import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { longestLine } from '../../../../shared/process/splitLines.ts';
import { hostileText } from '../../../../test/lab/fixtures/hostileText.ts';
import { explainBuildFailure } from '../explainBuildFailure.ts';
import type { BuildProgress, Change } from './BuildProgress.ts';
import { cacheHitRatio } from './cacheHitRatio.ts';
import { type Fixture, fixture } from './fixtures/fixture.ts';
import { ProgressReader } from './ProgressReader.ts';

function read(lines: Iterable<string>, secrets: string[] = []) {
  const reader = new ProgressReader(secrets);
  const changes: Change[] = [];
  for (const line of lines) changes.push(...reader.take(line));
  return { progress: reader.progress, changes, reader };
}

function outline({ steps }: BuildProgress): string[] {
  return steps
    .filter(({ kind }) => kind === 'instruction' || kind === 'base')
    .map(
      ({ group, position = '', text, cached, error, endedAt }) =>
        `${group} ${position} ${text.split(' ', 1)} ${error ? 'failed' : cached ? 'cached' : endedAt ? 'ran' : 'waited'}`,
    )
    .toSorted();
}

function log(vertex: string, text: string | Buffer, stream = 1): string {
  const data = Buffer.from(text).toString('base64');
  return JSON.stringify({ logs: [{ vertex, stream, data }] });
}

function vertex(id: string, fields: object = {}): string {
  return JSON.stringify({
    vertexes: [{ digest: id, name: `[build 1/2] RUN ${id}`, ...fields }],
  });
}

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

describe('what buildx wrote', () => {
  it.each<[Fixture, string[], number | undefined]>([
    [
      'built',
      [
        'base 1/2 FROM cached',
        'base 2/2 RUN ran',
        'build 1/3 WORKDIR ran',
        'build 2/3 COPY ran',
        'build 3/3 RUN ran',
        'other 1/1 RUN ran',
        'stage-3 2/3 COPY ran',
        'stage-3 3/3 COPY ran',
      ],
      0,
    ],
    [
      'cached',
      [
        'base 1/2 FROM ran',
        'base 2/2 RUN cached',
        'build 1/3 WORKDIR cached',
        'build 2/3 COPY cached',
        'build 3/3 RUN cached',
        'other 1/1 RUN cached',
        'stage-3 2/3 COPY cached',
        'stage-3 3/3 COPY cached',
      ],
      1,
    ],
    ['failedRun', [' 1/2 FROM cached', ' 2/2 RUN failed'], undefined],
    [
      'failedBeside',
      [
        'base 1/2 FROM cached',
        'base 2/2 RUN ran',
        'build 1/3 WORKDIR ran',
        'build 2/3 COPY ran',
        // It was told to be cached in the middle, and then cancelled.
        'build 3/3 RUN failed',
        'other 1/1 RUN ran',
        'stage-3 2/3 COPY cached',
        'stage-3 3/3 COPY failed',
      ],
      0.2,
    ],
    [
      'platforms',
      [
        'linux/amd64 build 1/2 FROM cached',
        'linux/amd64 build 2/2 RUN ran',
        'linux/amd64 stage-1 1/1 COPY ran',
        'linux/amd64->arm64 build 2/2 RUN ran',
        'linux/arm64 stage-1 1/1 COPY ran',
      ],
      0,
    ],
    ['noBase', [], undefined],
  ])('%s', (name, steps, ratio) => {
    const { progress } = read(fixture(name));
    expect(outline(progress)).toEqual(steps);
    expect(cacheHitRatio(progress.steps)).toBe(ratio);
  });

  it('has the time of each step without that in which it waited', () => {
    const { steps } = read(fixture('built')).progress;
    const times = steps.map(({ text, durationMs }) => [text.slice(0, 17), durationMs]);
    expect(times).toContainEqual(['RUN echo building', 2183]);
    // The export and the push, told one after the other.
    expect(times).toContainEqual(['exporting to imag', 339]);
  });

  it('does not count the time of an earlier build, whose steps BuildKit still knows', () => {
    const reader = new ProgressReader();
    const vertex = (name: string, started: string, completed: string) =>
      reader.take(
        JSON.stringify({
          vertexes: [{ digest: `sha256:${name}`, name, started, completed, cached: true }],
        }),
      );
    vertex('[internal] load build definition', '2026-11-24T23:00:00Z', '2026-11-24T23:00:01Z');
    vertex('[1/2] FROM busybox', '2026-11-24T22:00:00Z', '2026-11-24T22:00:05Z');
    const [, base] = reader.progress.steps;
    const begin = Date.parse('2026-11-24T23:00:00Z');
    expect(base).toMatchObject({ startedAt: begin, endedAt: begin, durationMs: 0 });
  });

  it('has its build checks, once for several platforms', () => {
    const lines = fixture('built');
    const { warnings } = read([...lines, ...lines]).progress;
    expect(warnings).toEqual([
      expect.objectContaining({ rule: 'FromAsCasing', file: 'Dockerfile', line: 2 }),
      expect.objectContaining({
        rule: 'SecretsUsedInArgOrEnv',
        text: 'Do not use ARG or ENV instructions for sensitive data (ARG "API_TOKEN")',
        line: 9,
      }),
      expect.objectContaining({ rule: 'SecretsUsedInArgOrEnv', line: 10 }),
    ]);
  });

  it.each<[Fixture, RegExp, number | undefined, RegExp]>([
    [
      'failedRun',
      /RUN for i in \$\(seq 1 200\); do echo "line \$i"; .*ended with exit code 4/,
      2,
      /^> RUN for i.*\n(?!.*line 1\n)[\s\S]*no such table/m,
    ],
    ['failedBeside', /^\/etc\/passwd is not in the build context/, 14, /^Dockerfile:14/],
    ['noBase', /nothing-here:1 .* does not exist/, 1, /nothing-here/],
    ['pushFailed', /127\.0\.0\.1:19999\/x:3 could not be pushed/, undefined, /refused/],
  ])('%s is explained from its last words', (name, what, line, details) => {
    const { lastWords } = read(fixture(name)).progress;
    const failure = explainBuildFailure(lastWords, 'docker/Dockerfile');
    expect(failure.what).toMatch(what);
    expect(failure.place?.line).toBe(line);
    expect(lastWords).toMatch(details);
    expect(failure.details).toContain('ERROR: failed to build');
  });
});

it('what a step prints does not move the annotation to another line', () => {
  const forged = 'Dockerfile:99\n--------------------\nERROR: forged\n';
  const [lines, words] = [fixture('failedRun').slice(0, -7), fixture('failedRun').slice(-7)];
  const { lastWords } = read([...lines, log(idOf(lines), forged), ...words]).progress;
  expect(lastWords).toContain('ERROR: forged');
  const { place, what } = explainBuildFailure(lastWords, 'Dockerfile');
  expect(place?.line).toBe(2);
  expect(what).toMatch(/exit code 4/);
});

/** The step that printed. */
function idOf(lines: readonly string[]): string {
  return /"logs":\[\{"vertex":"([^"]+)"/.exec(lines.join('\n'))?.[1] ?? '';
}

describe('the output of a step', () => {
  const printed = (changes: readonly Change[]) =>
    changes.flatMap((change) => (change.kind === 'output' ? [change.line] : []));

  it('is put together where it was cut: in a line, in a character, in a secret', () => {
    const ship = Buffer.from('a 🚢 b\n');
    const { changes } = read(
      [
        vertex('x', { started: at(0) }),
        log('x', ship.subarray(0, 4)),
        log('x', ship.subarray(4)),
        log('x', 'the password is hunt'),
        log('x', 'er2-hunter2\nno end'),
        vertex('x', { started: at(0), completed: at(1) }),
      ],
      ['hunter2-hunter2'],
    );
    expect(printed(changes)).toEqual(['a 🚢 b', 'the password is ***', 'no end']);
    expect(changes.at(-1)?.kind).toBe('ended');
  });

  it('is not told again while it stays the same', () => {
    const { changes } = read([
      vertex('x', { started: at(0) }),
      log('x', '1 %\r1 %\r2 %\r2 %\ndone\n'),
    ]);
    expect(printed(changes)).toEqual(['1 %', '2 %', 'done']);
  });

  it('of stdout and stderr does not mix within a line', () => {
    const { changes } = read([
      vertex('x', { started: at(0) }),
      log('x', 'out'),
      log('x', 'err\n', 2),
      log('x', ' put\n'),
    ]);
    expect(printed(changes)).toEqual(['err', 'out put']);
  });

  it('comes whole although its report is so long that it comes in pieces', () => {
    const text = `${'y'.repeat(longestLine)}\n`;
    const line = log('x', text);
    const pieces = line.match(new RegExp(`[^]{1,${longestLine}}`, 'g')) ?? [];
    expect(pieces.length).toBeGreaterThan(1);
    const { changes } = read([vertex('x', { started: at(0) }), ...pieces]);
    expect(printed(changes).join('')).toBe(text.trim());
  });

  it('that is endless in one report is let go, and the next report is read', () => {
    const piece = 'A'.repeat(longestLine);
    const endless = [`{"logs":[{"data":"${piece}`.slice(0, longestLine)];
    for (let size = 0; size <= 9 * 1024 * 1024; size += longestLine) endless.push(piece);
    const { changes } = read([...endless, 'A"}]}', vertex('x', { started: at(0) })]);
    expect(changes).toEqual([expect.objectContaining({ kind: 'started' })]);
  });
});

it('keeps the last lines of each step, and never more than a bound', () => {
  const reader = new ProgressReader();
  const chunk = `${'z'.repeat(100)}\n`.repeat(80);
  for (let step = 0; step < 500; step++) {
    reader.take(vertex(`${step}`, { started: at(0) }));
    for (let i = 0; i < 2; i++)
      reader.take(log(`${step}`, chunk.replaceAll('z\n', `${i}${step}\n`)));
    reader.take(log(`${step}`, Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join('')));
  }
  expect(reader.keptSize).toBeLessThanOrEqual(512 * 1024);
  reader.take(vertex('499', { started: at(0), completed: at(1), error: 'exit code: 1' }));
  const words = reader.progress.lastWords.split('\n');
  expect(words).toHaveLength(61);
  expect(words.slice(1)).toEqual(Array.from({ length: 60 }, (_, i) => `line ${i + 40}`));
});

it('keeps no more steps and warnings than anyone reads', () => {
  const vertexes = Array.from({ length: 6000 }, (_, i) => ({
    digest: `${i}`,
    name: 'n'.repeat(2000),
  }));
  const warnings = Array.from({ length: 150 }, (_, i) => ({
    short: Buffer.from(`Rule: ${i}`).toString('base64'),
  }));
  const { progress } = read([JSON.stringify({ vertexes, warnings })]);
  expect(progress.steps).toHaveLength(5000);
  expect(progress.steps[0]?.text).toHaveLength(1000);
  expect(progress.warnings).toHaveLength(100);
  expect(progress.moreWarnings).toBe(50);
});

describe('what is not as it should be', () => {
  it.each([
    '{}',
    '{"vertexes":1}',
    '{"vertexes":[null,1,"x",{"digest":1,"name":[],"started":"soon"}]}',
    '{"logs":[{"vertex":"unknown","data":"eA=="},{"data":1}]}',
    '{"statuses":[{"vertex":"unknown","started":"","completed":1}],"warnings":[{"range":1}]}',
    '{"warnings":[{"short":"","range":[{"start":null}],"sourceInfo":null}]}',
    '{"vertexes":[',
    '__proto__',
    '{"__proto__":{"vertexes":[]},"vertexes":[{"digest":"__proto__","name":"__proto__"}]}',
  ])('%s does no harm', (line) => {
    expect(() => read([line, line])).not.toThrow();
  });

  it.each(hostileText.map(({ attack, about, text }) => [`${attack}: ${about}`, text]))(
    '%s in every field',
    (_name, text) => {
      const data = Buffer.from(text).toString('base64');
      const { progress } = read([
        JSON.stringify({
          vertexes: [{ digest: text, name: text, started: text, error: text }],
          statuses: [{ id: text, vertex: text, name: text, started: text, completed: text }],
          logs: [{ vertex: text, stream: text, data }],
          warnings: [{ short: data, url: text, sourceInfo: { filename: text } }],
        }),
        text,
      ]);
      expect(progress.steps).toHaveLength(1);
      expect(progress.warnings).toHaveLength(1);
    },
  );
});
