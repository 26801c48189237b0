import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ignoreRules } from '../../../../shared/context/ignoreRules.ts';
import { listContext } from '../../../../shared/context/listContext.ts';
import { hashContext } from './hashContext.ts';
import { hashFile, hashFileAsync } from './hashFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'hash-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file', () => {
  const mebibyte = 1024 * 1024;
  it.each([0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 3 * mebibyte])(
    'of %d bytes has one hash, however it is read',
    async (size) => {
      const path = join(folder, `${size}`);
      writeFileSync(path, Buffer.alloc(size, 'x'));
      expect(await hashFileAsync(path, size)).toBe(hashFile(path));
    },
  );
});

describe('a context', () => {
  it('of more than one batch is hashed to its last file', async () => {
    const root = mkdtempSync(join(folder, 'context-'));
    for (let index = 0; index < 1500; index++) writeFileSync(join(root, `${index}`), '');
    const hash = async () => hashContext(root, await listContext(root, ignoreRules('')));
    const before = await hash();
    writeFileSync(join(root, '999'), 'x');
    expect(await hash()).not.toBe(before);
  });

  it('stops when the job is cancelled', async () => {
    const entries = await listContext(folder, ignoreRules(''));
    await expect(hashContext(folder, entries, AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
