import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Parser } from 'tar';
import { listContext, nameOutside } from './listContext.ts';
import { packContext } from './packContext.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'context-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'c', name)), { recursive: true });
    writeFileSync(join(folder, 'c', name), content);
  }
  return join(folder, 'c');
}

const files = { Dockerfile: '', 'a/b/c.txt': '', 'a/d.txt': '', '@types/e.ts': '', 'z.log': '' };
const all = ['@types', '@types/e.ts', 'Dockerfile', 'a', 'a/b', 'a/b/c.txt', 'a/d.txt', 'z.log'];

describe('listContext', () => {
  it.each<[string, string[]]>([
    ['', ['.dockerignore', ...all]],
    ['# a comment\n\n', ['.dockerignore', ...all]],
    ['**', ['Dockerfile']],
    ['**\n!a/b', ['Dockerfile', 'a', 'a/b', 'a/b/c.txt']],
    ['*.log\n@types', ['.dockerignore', 'Dockerfile', 'a', 'a/b', 'a/b/c.txt', 'a/d.txt']],
    ['\uFEFF/a/', ['.dockerignore', '@types', '@types/e.ts', 'Dockerfile', 'z.log']],
    ['A\n*.LOG', ['.dockerignore', ...all]],
    ['Dockerfile\n.dockerignore', all],
    [
      'a\n!a/d.txt',
      ['.dockerignore', '@types', '@types/e.ts', 'Dockerfile', 'a', 'a/d.txt', 'z.log'],
    ],
  ])('with .dockerignore %j', async (rules, expected) => {
    const context = write({ ...files, '.dockerignore': rules });
    const { paths } = await listContext(context, join(context, 'Dockerfile'));
    expect(paths).toEqual(expected);
  });

  it("prefers the Dockerfile's own ignore file, and takes the Dockerfile along from an ignored folder", async () => {
    const context = write({
      ...{ 'docker/web.Dockerfile': '', 'x.txt': '', 'y.txt': '', '.dockerignore': 'x.txt' },
      'docker/web.Dockerfile.dockerignore': 'y.txt\ndocker',
    });
    expect(await listContext(context, join(context, 'docker/web.Dockerfile'))).toEqual({
      paths: ['docker', 'docker/web.Dockerfile', 'x.txt'],
      dockerfile: 'docker/web.Dockerfile',
    });
  });
});

describe('packContext', () => {
  async function entries(context: string, dockerfile: string, text?: string) {
    const packed = await packContext(context, dockerfile, { text, tempDir: tmpdir() });
    const found: Record<string, string> = {};
    const parser = new Parser({
      onReadEntry(entry) {
        found[entry.path] = entry.type === 'SymbolicLink' ? `-> ${entry.linkpath}` : '';
        entry.on('data', (chunk) => {
          found[entry.path] += chunk.toString();
        });
      },
    });
    const ended = new Promise((resolve) => parser.on('end', resolve));
    parser.end(gunzipSync(await buffer(packed.stream)));
    await ended;
    return { dockerfile: packed.dockerfile, found };
  }

  it('keeps links as links, names with @, and what is long', async () => {
    const long = `${'deep/'.repeat(40)}file`;
    const context = write({ Dockerfile: 'FROM scratch', '@a': 'at', [long]: 'far' });
    symlinkSync('/etc/hostname', join(context, 'link'));
    const { found } = await entries(context, join(context, 'Dockerfile'));
    expect(found).toMatchObject({
      ...{ Dockerfile: 'FROM scratch', '@a': 'at', [long]: 'far', link: '-> /etc/hostname' },
    });
  });

  it('adds a Dockerfile from outside under a name that is free', async () => {
    const context = write({ '.outside.Dockerfile': 'not this one' });
    writeFileSync(join(folder, 'Dockerfile'), 'this one');
    expect(await entries(context, join(folder, 'Dockerfile'))).toEqual({
      dockerfile: '.1.outside.Dockerfile',
      found: {
        '.outside.Dockerfile': 'not this one',
        '.1.outside.Dockerfile': 'this one',
        '.dockerignore': '.dockerignore\n.1.outside.Dockerfile\n',
      },
    });
    expect(nameOutside('/x/web.Dockerfile', [])).toBe('.outside.web.Dockerfile');
  });

  it('adds another text of the Dockerfile, and leaves its own where COPY finds it', async () => {
    const context = write({ Dockerfile: 'FROM a', '.dockerignore': 'x' });
    expect(await entries(context, join(context, 'Dockerfile'), 'FROM b')).toEqual({
      dockerfile: '.outside.Dockerfile',
      found: {
        ...{ Dockerfile: 'FROM a', '.outside.Dockerfile': 'FROM b' },
        '.dockerignore': 'x\n.outside.Dockerfile\n',
      },
    });
    expect(nameOutside('/x/a [b]*.Dockerfile', [])).toBe('.outside.a--b--.Dockerfile');
  });

  it('ends with the error of a file that is gone', async () => {
    const many = Array.from({ length: 200 }, (_, index) => [`${index}.txt`, 'x'.repeat(50_000)]);
    const context = write({ ...Object.fromEntries(many), 'z.txt': '' });
    const packed = await packContext(context, join(context, '1.txt'), { tempDir: tmpdir() });
    rmSync(join(context, 'z.txt'));
    await expect(buffer(packed.stream)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
