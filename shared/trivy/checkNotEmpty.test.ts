import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { checkNotEmpty } from './checkNotEmpty.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'empty-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('an empty folder is nothing that could be judged, whatever is looked for', async () => {
  const said = { what: 'There is nothing in .: the folder is empty.' };
  const target = { path: folder, name: '.' };
  for (const kind of ['filesystem', 'config'] as const) {
    await expect(checkNotEmpty({ kind, ...target })).rejects.toMatchObject(said);
  }
  mkdirSync(join(folder, '.git'));
  await expect(checkNotEmpty({ kind: 'repository', at: folder })).rejects.toMatchObject({
    what: `There is nothing in ${folder}: the folder is empty.`,
  });
  writeFileSync(join(folder, '.env'), '');
  await checkNotEmpty({ kind: 'repository', at: folder });
  await checkNotEmpty({ kind: 'filesystem', ...target });
});

it('what is no folder is not looked into', async () => {
  writeFileSync(join(folder, 'go.sum'), '');
  await checkNotEmpty({ kind: 'filesystem', path: join(folder, 'go.sum') });
  await checkNotEmpty({ kind: 'filesystem', path: join(folder, 'none') });
  await checkNotEmpty({ kind: 'repository', at: 'https://example.com/a.git' });
  await checkNotEmpty({ kind: 'layout', path: folder });
});
