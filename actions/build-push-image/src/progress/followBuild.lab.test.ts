import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Log, silent } from '../../../../shared/log/Log.ts';
import { parseReference } from '../../../../shared/oci/Reference.ts';
import { childEnvironment } from '../../../../shared/process/childEnvironment.ts';
import { type Command, run } from '../../../../shared/process/run.ts';
import { addresses } from '../../../../test/lab/addresses.ts';
import { buildkitAddress } from '../../../../test/lab/buildkit/buildkit.ts';
import { labContext } from '../../../../test/lab/lab.ts';
import { explainBuildFailure } from '../explainBuildFailure.ts';
import { baseImages } from './baseImages.ts';
import { cacheHitRatio } from './cacheHitRatio.ts';
import { fromTestRegistry } from './fixtures/fromTestRegistry.ts';
import { followBuild } from './followBuild.ts';
import { imageFacts } from './imageFacts.ts';

const lab = labContext(silent);
const image = `${addresses.registry}/test/progress-${Math.random().toString(36).slice(2)}`;
const secret = 'correct-horse-battery-staple';
let folder: string;
let buildx: (args: readonly string[], onLine?: Command['onLine']) => ReturnType<typeof run>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'progress-'));
  const program = await lab.program('buildx');
  const env = childEnvironment(process.env, { BUILDX_CONFIG: join(folder, 'buildx'), secret });
  buildx = (args, onLine) => run({ program, args, env, ...(onLine && { onLine }) });
  await buildx(['create', '--name', 'lab', '--driver', 'remote', buildkitAddress(lab)]);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

async function build(dockerfile: string, ...args: string[]) {
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  const shown: string[] = [];
  const log: Log = { ...silent, untrusted: (line) => void shown.push(line) };
  const followed = followBuild(log, [secret]);
  const { exitCode } = await buildx(
    [
      ...['build', '--builder', 'lab', '--progress', 'rawjson', '--tag', `${image}:1`],
      ...['--output', 'type=registry', ...args, folder],
    ],
    (line) => followed.onLine(line),
  );
  return { exitCode, shown, progress: await followed.end() };
}

describe('a real build', () => {
  const dockerfile = `FROM busybox:1.36 AS build\nRUN echo ${Math.random()} > /x\nFROM scratch\nCOPY --from=build /x /\n`;

  it('is followed, and the second time its steps are cached', async () => {
    const first = await build(dockerfile);
    expect(first.exitCode).toBe(0);
    expect(cacheHitRatio(first.progress.steps)).toBe(0);
    expect(first.shown).toContainEqual(expect.stringMatching(/^\[build 2\/2\] RUN echo/));
    expect(first.shown).toContainEqual(expect.stringMatching(/^Stage build: \d+\.\d s$/));
    expect(baseImages(first.progress.steps)).toMatchObject([
      { written: { repository: 'library/busybox', tag: '1.36' }, pinned: false },
    ]);
    const again = await build(dockerfile);
    expect(cacheHitRatio(again.progress.steps)).toBe(1);
    expect(again.shown).toContainEqual(
      expect.stringMatching(/^\[build 2\/2\] RUN echo .* cached$/),
    );
  }, 60_000);

  it('is known from the registry, with its platforms and what is attested', async () => {
    const { exitCode } = await build(
      dockerfile,
      '--platform',
      'linux/amd64,linux/arm64',
      '--sbom',
      'false',
    );
    expect(exitCode).toBe(0);
    const facts = await imageFacts(parseReference(`${image}:1`), fromTestRegistry);
    expect(facts.platforms.map(({ platform, layers }) => [platform, layers.length])).toEqual([
      ['linux/amd64', 1],
      ['linux/arm64', 1],
    ]);
    expect(facts.platforms[0]?.bytes).toBeGreaterThan(100);
    expect(facts.platforms[0]?.createdAt).toBeGreaterThan(Date.now() - 3_600_000);
    expect(facts.attestations).toEqual(['provenance (SLSA)']);
  }, 60_000);

  it('that fails has the last lines of the step that failed', async () => {
    const { exitCode, progress } = await build(
      'FROM busybox:1.36\nRUN for i in $(seq 1 100); do echo "line $i"; done; exit 3\n',
    );
    expect(exitCode).toBe(1);
    const failure = explainBuildFailure(progress.lastWords, 'Dockerfile');
    expect(failure.what).toMatch(/^The build stopped at `RUN for i in .*exit code 3/);
    expect(failure.place).toEqual({ file: 'Dockerfile', line: 2 });
    expect(failure.details).toContain('\nline 100\n');
  }, 60_000);

  it('does not show a secret, although it is printed in pieces', async () => {
    const { exitCode, shown, progress } = await build(
      [
        'FROM busybox:1.36',
        `RUN --mount=type=secret,id=s cat /run/secrets/s && echo ${Math.random()}`,
        'RUN --mount=type=secret,id=s cut -c 1-9 /run/secrets/s | tr -d "\\n"; sleep 0.3; cut -c 10- /run/secrets/s; exit 1',
      ].join('\n'),
      '--secret',
      'id=s,env=secret',
    );
    expect(exitCode).toBe(1);
    expect(shown.join('\n')).toContain('***');
    expect(`${shown.join('\n')}${JSON.stringify(progress)}`).not.toContain(secret);
  }, 60_000);
});
