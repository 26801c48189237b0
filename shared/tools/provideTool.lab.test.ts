import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { silent } from '../log/Log.ts';
import { run } from '../process/run.ts';
import { which } from './findOnPath.ts';
import { provideTool } from './provideTool.ts';

const folder = mkdtempSync(join(tmpdir(), 'tools-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a tool is built from the committed module where there is no archive', async () => {
  mkdirSync(join(folder, 'm'));
  writeFileSync(join(folder, 'm/go.mod'), 'module example.test/tool\n\ngo 1.22\n');
  writeFileSync(
    join(folder, 'm/main.go'),
    'package main\n\nvar version = "none"\n\nfunc main() { println("tool version v" + version) }\n',
  );
  const go = dirname((await which('go', process.env.PATH ?? '')) ?? '');
  const built = await provideTool('tool', {
    env: {
      PATH: `${go}:/usr/bin:/bin`,
      HOME: process.env.HOME ?? '',
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
    log: silent,
    lock: {
      folder,
      tools: {
        tool: {
          version: '1.2.3',
          versionArgs: ['version'],
          versionPattern: 'v(\\d+\\.\\d+\\.\\d+)',
          archives: {},
          go: { module: 'm', package: '.', ldflags: '-X main.version=1.2.3', minutes: 0.1 },
        },
      },
    },
  });
  expect(built.source).toBe('build');
  const { stderr } = await run({ program: built.path, args: [], env: {} });
  expect(stderr).toBe('tool version v1.2.3\n');
}, 60_000);
