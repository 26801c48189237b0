import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { githubLog } from '../../../../shared/action/githubLog.ts';
import { type Log, silent } from '../../../../shared/log/Log.ts';
import { sanitize } from '../../../../shared/log/sanitize.ts';
import { hostileRows } from '../../../../test/lab/fixtures/hostileText.ts';
import { type Fixture, fixture } from './fixtures/fixture.ts';
import { followBuild } from './followBuild.ts';
import { type Clock, ProgressLog } from './ProgressLog.ts';
import { ProgressReader } from './ProgressReader.ts';

/** What a person sees: a group's lines are indented below its title. */
function recorded() {
  const written: string[] = [];
  let indent = '';
  const log: Log = {
    ...silent,
    untrusted: (text) => written.push(indent + text),
    async group(title, work) {
      written.push(`▼ ${title}`);
      indent = '  ';
      try {
        return await work();
      } finally {
        indent = '';
      }
    },
  };
  return { log, written };
}

/** A clock that stands, and is moved by the test. */
function handClock() {
  let now = 0;
  let timers: { at: number; work: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after: (ms, work) => timers.push({ at: now + ms, work }),
  };
  const move = (ms: number) => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { work } of due) work();
  };
  return { clock, move };
}

async function show(lines: Iterable<string>): Promise<readonly string[]> {
  const { log, written } = recorded();
  const reader = new ProgressReader();
  const shown = new ProgressLog(log, handClock().clock);
  for (const line of lines) shown.tell(reader.take(line));
  await shown.end();
  return written.map((line) => line.replace(/sha256:([0-9a-f]{4})[0-9a-f]{60}/g, '$1'));
}

const busybox = 'FROM docker.io/library/busybox:1.36@f4ee';
const loop = (word: string, more: string) =>
  `RUN for i in 1 2 3 4 5; do echo "${word} $i"; sleep 0.2; done; ${more}`;

describe('what a person sees', () => {
  it.each<[Fixture, readonly string[]]>([
    [
      'built',
      [
        '▼ Stage base',
        `  [base 1/2] ${busybox} 0.0 s`,
        '  [base 2/2] RUN echo building && sleep 1 && echo done',
        '    building',
        '    done',
        '  [base 2/2] 2.2 s',
        'Stage base: 2.2 s',
        // It ran beside the next, and their lines came in turns.
        '▼ Stage other',
        `  [other 1/1] ${loop('other', 'echo x > /b')}`,
        ...[1, 2, 3, 4, 5].map((i) => `    other ${i}`),
        '  [other 1/1] 1.2 s',
        'Stage other: 1.2 s',
        '▼ Stage build',
        '  [build 1/3] WORKDIR /src 0.1 s',
        '  [build 2/3] COPY a.txt . 0.1 s',
        `  [build 3/3] ${loop('line', 'echo err >&2')}`,
        ...[1, 2, 3, 4, 5].map((i) => `    line ${i}`),
        '    err',
        '  [build 3/3] 1.3 s',
        'Stage build: 1.4 s',
        '▼ Stage 3',
        '  [stage-3 2/3] COPY --from=build /src/a.txt /a 0.0 s',
        '  [stage-3 3/3] COPY --from=other /b /b 0.0 s',
        'Stage 3: 0.1 s',
        '▼ Export and push',
        '  exporting to image',
        '    exporting layers 0.2 s',
        '    pushing layers 0.1 s',
        '    pushing manifest for 127.0.0.1:15000/test/progress:1@280f 0.0 s',
      ],
    ],
    [
      'cached',
      [
        '▼ Cache',
        '  importing cache manifest from 127.0.0.1:15000/test/progress:nocache failed after 0.0 s: failed to configure registry cache importer: 127.0.0.1:15000/test/progress:nocache: not found',
        '▼ Stage base',
        `  [base 1/2] ${busybox} 0.0 s`,
        '  [base 2/2] RUN echo building && sleep 1 && echo done cached',
        'Stage base: 0.0 s, 1 of 1 cached',
        '▼ Stage build',
        '  [build 1/3] WORKDIR /src cached',
        '  [build 2/3] COPY a.txt . cached',
        `  [build 3/3] ${loop('line', 'echo err >&2')} cached`,
        'Stage build: 0.0 s, 3 of 3 cached',
        '▼ Stage 3',
        '  [stage-3 2/3] COPY --from=build /src/a.txt /a cached',
        '  [stage-3 3/3] COPY --from=other /b /b cached',
        'Stage 3: 0.0 s, 2 of 2 cached',
        '▼ Stage other',
        `  [other 1/1] ${loop('other', 'echo x > /b')} cached`,
        'Stage other: 0.0 s, 1 of 1 cached',
        '▼ Export and push',
        '  exporting to image',
        '    exporting layers 0.0 s',
        '    pushing layers 0.0 s',
        '    pushing manifest for 127.0.0.1:15000/test/progress:2@4336 0.0 s',
        '▼ Cache, continued',
        '  exporting cache to registry',
        '    sending cache export 0.1 s',
        '  exporting cache to registry 0.5 s',
      ],
    ],
    [
      'noBase',
      [
        '▼ Prepare',
        '  [internal] load metadata for docker.io/library/nothing-here:1 failed after 0.0 s: docker.io/library/nothing-here:1: not found',
        'Dockerfile:1',
        '--------------------',
        '   1 | >>> FROM nothing-here:1',
        '   2 |     RUN a',
        '   3 |     ',
        '--------------------',
        'ERROR: failed to build: failed to solve: nothing-here:1: failed to resolve source metadata for docker.io/library/nothing-here:1: docker.io/library/nothing-here:1: not found',
      ],
    ],
  ])('%s', async (name, expected) => {
    expect(await show(fixture(name))).toEqual(expected);
  });

  it('of several targets and platforms are groups of their own', async () => {
    const titles = (await show(fixture('bake'))).filter((line) => line.startsWith('▼'));
    expect(titles).toContain('▼ Stage build (web, linux/arm64)');
    expect(titles).toContain('▼ Stage 0 (job)');
    expect(titles).toContain('▼ Export and push (web)');
    expect(titles.filter((title) => title.endsWith('continued'))).toEqual([]);
  });
});

describe('stages that run side by side', () => {
  const started = '2026-01-01T00:00:00Z';
  const begin = (id: string) =>
    JSON.stringify({ vertexes: [{ digest: id, name: `[${id} 1/1] RUN ${id}`, started }] });
  const end = (id: string) =>
    JSON.stringify({
      vertexes: [{ digest: id, name: '', started, completed: '2026-01-01T00:00:09Z' }],
    });
  const print = (id: string, text: string) =>
    JSON.stringify({ logs: [{ vertex: id, data: Buffer.from(text).toString('base64') }] });

  function live() {
    const { log, written } = recorded();
    const { clock, move } = handClock();
    const reader = new ProgressReader();
    const shown = new ProgressLog(log, clock);
    const tell = (...lines: string[]) => {
      for (const line of lines) shown.tell(reader.take(line));
    };
    const settle = async () => {
      for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    };
    return { written, move, tell, settle, end: () => shown.end() };
  }

  it('wait until the one in front is over', async () => {
    const { written, tell, end: close } = live();
    tell(begin('a'), begin('b'), print('a', 'a1\n'), print('b', 'b1\n'), print('a', 'a2\n'));
    tell(end('a'), print('b', 'b2\n'), end('b'));
    await close();
    expect(written).toEqual([
      ...['▼ Stage a', '  [a 1/1] RUN a', '    a1', '    a2', '  [a 1/1] 9.0 s', 'Stage a: 9.0 s'],
      ...['▼ Stage b', '  [b 1/1] RUN b', '    b1', '    b2', '  [b 1/1] 9.0 s', 'Stage b: 9.0 s'],
    ]);
  });

  it('come forward when the one in front is quiet, also when nothing else happens', async () => {
    const { written, tell, move, settle } = live();
    tell(begin('a'), begin('b'), print('a', 'a1\n'), print('b', 'b1\n'));
    move(1000);
    tell(print('a', 'a2\n'));
    move(1000);
    await settle();
    expect(written).not.toContain('    b1');
    move(2000);
    await settle();
    expect(written.slice(-3)).toEqual(['▼ Stage b', '  [b 1/1] RUN b', '    b1']);
    move(2000);
    tell(print('a', 'a3\n'));
    await settle();
    expect(written.slice(-2)).toEqual(['▼ Stage a, continued', '    a3']);
  });

  it('come forward when too much is held back, and nothing is lost', async () => {
    const { written, tell, end: close } = live();
    tell(begin('a'), begin('b'));
    const line = 'x'.repeat(1000);
    for (let i = 0; i < 200; i++) tell(print('a', `a${i}\n`), print('b', `${i}${line}\n`));
    await close();
    expect(written.filter((text) => text.includes(line))).toHaveLength(200);
    expect(written.filter((text) => /^ +a\d+$/.test(text))).toHaveLength(200);
  });
});

describe('a hostile build', () => {
  it.each(hostileRows('command', 'terminal', 'markdown'))('%s', async (_name, text) => {
    const written: string[] = [];
    const followed = followBuild(
      githubLog([], (line) => written.push(...line.split('\n'))),
      [],
    );
    const started = '2026-01-01T00:00:00Z';
    const name = `[${text} 1/2] RUN ${text}`;
    const data = Buffer.from(text).toString('base64');
    for (const line of [
      { vertexes: [{ digest: 'a', name, started }] },
      { logs: [{ vertex: 'a', stream: 1, data }] },
      { statuses: [{ vertex: 'a', id: `pushing ${text}`, started, completed: started }] },
      { vertexes: [{ digest: 'a', name, started, completed: started, error: text }] },
      { vertexes: [{ digest: 'b', name: `exporting cache to ${text}`, started, error: text }] },
    ]) {
      followed.onLine(JSON.stringify(line));
    }
    followed.onLine(text);
    await followed.end();
    let stopped: string | undefined;
    for (const line of written) {
      const [, token] = /^::stop-commands::([\w-]{36})$/.exec(line) ?? [];
      if (stopped === undefined) {
        stopped = token;
        if (token === undefined) expect(line).not.toMatch(/^\s*::(?!group::|endgroup::)|##\[/);
      } else if (line === `::${stopped}::`) stopped = undefined;
    }
    for (const line of written) expect(sanitize(line)).toBe(line);
  });
});

it('an older buildx, which writes for people, is shown as it writes', async () => {
  const lines = ['#1 [internal] load .dockerignore', '#1 DONE 0.0s', 'ERROR: it failed'];
  expect(await show(lines)).toEqual(lines);
});
