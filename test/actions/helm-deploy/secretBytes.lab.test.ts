import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { layValues } from '../../../actions/helm-deploy/src/values/layValues.ts';
import { silent } from '../../../shared/log/Log.ts';
import { run } from '../../../shared/process/run.ts';
import { provideTool } from '../../../shared/tools/provideTool.ts';

const folder = mkdtempSync(join(tmpdir(), 'secret-bytes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pieces = [
  ...['ab/cd==', '&', '<', "'", '"', '\\', '\n', '\r\n', '\t', ' ', '$HOME', '`id`', '%0A', '::'],
  ...['{{ .Values }}', '#', ': ', '- ', '---', '!', '*a', '&a', '|', '>', 'ünï', '😀', '\u2028'],
  ...['null', 'true', '0644', '1e3', '~', '\u00a0', 'a', 'Z9', '=', '/', '+', ','],
];

/** A small generator with a seed, so that a failure is found again (Mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function secrets(seed: number): Record<string, string> {
  const next = random(seed);
  const pick = () => pieces[Math.floor(next() * pieces.length)] ?? '';
  const text = () => Array.from({ length: 1 + Math.floor(next() * 8) }, pick).join('');
  return Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`s${index}`, text()]));
}

/** Go escapes what a browser might take for markup; JSON reads it back. */
const template = 'data: {{ toJson .Values }}\n';

it.each(['helm', 'helm3'].flatMap((tool) => [1, 2, 3].map((seed) => [tool, seed] as const)))(
  'secrets come through %s to the byte (seed %d)',
  async (tool, seed) => {
    const chart = mkdtempSync(join(folder, 'chart-'));
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 1.0.0\n');
    await run({
      program: 'mkdir',
      args: [join(chart, 'templates')],
      env: { PATH: '/usr/bin:/bin' },
    });
    writeFileSync(join(chart, 'templates/a.yaml'), template);
    const wanted = secrets(seed);
    // As a person writes them, or a secret of the workflow holds them.
    const given = seed % 2 === 0 ? JSON.stringify(wanted) : stringify(wanted, { lineWidth: 0 });
    const layers = await layValues(
      { valueFiles: [], values: undefined, set: [], secretValues: given },
      { env: {}, tempDir: chart },
    );
    const [layer] = layers;
    expect(statSync(layer?.path ?? '').mode & 0o777).toBe(0o600);
    const { path } = await provideTool(tool, { env: process.env, log: silent });
    const { stdout } = await run({
      program: path,
      args: ['template', 'x', chart, '--values', layer?.path ?? ''],
      env: { PATH: '/usr/bin:/bin', HOME: chart },
      stdout: 'machine',
    });
    const line = stdout.split('\n').find((one) => one.startsWith('data: ')) ?? '';
    expect(JSON.parse(line.slice('data: '.length))).toEqual(wanted);
  },
  60_000,
);
