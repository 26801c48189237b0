import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { list } from 'tar';
import { listContext } from '../../../../shared/context/listContext.ts';
import { readIgnoreRules } from '../../../../shared/context/readIgnoreRules.ts';
import { silent } from '../../../../shared/log/Log.ts';
import { addresses } from '../../../../test/lab/addresses.ts';
import { buildkitAddress } from '../../../../test/lab/buildkit/buildkit.ts';
import { command } from '../../../../test/lab/command.ts';
import { labContext } from '../../../../test/lab/lab.ts';
import { contextReach } from './contextReach.ts';
import { hashContext } from './hashContext.ts';
import { surveyDockerfile } from './surveyDockerfile.ts';

const lab = labContext(silent);
const folder = mkdtempSync(join(tmpdir(), 'reach-'));
const context = join(folder, 'context');
const dockerfile = join(folder, 'Dockerfile');
const busybox = `${addresses.registry}/library/busybox:1.36`;

const files = [
  ...['package.json', 'package-lock.json', 'README.md', 'a b', 'other.json', '[x]'],
  ...['src/a.ts', 'src/deep/b.ts', 'src/deep/er/c.ts', 'docs/readme.md', 'docs/img/x.svg'],
  ...['lib/one/1', 'lib/two/2', 'build/make.sh'],
];

beforeAll(async () => {
  await buildx(['create', '--name', 'lab', '--driver', 'remote', buildkitAddress(lab)]);
}, 60_000);
beforeEach(() => {
  rmSync(context, { recursive: true, force: true });
  for (const file of files) write(file, file);
  symlinkSync('docs', join(context, 'linked'));
  symlinkSync('../docs/readme.md', join(context, 'src/link.md'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(join(context, dirname(path)), { recursive: true });
  writeFileSync(join(context, path), content);
}

async function buildx(args: readonly string[]): Promise<void> {
  await command(await lab.program('buildx'), args, {
    env: { BUILDX_CONFIG: join(folder, 'buildx') },
  });
}

async function hash(): Promise<string> {
  const survey = surveyDockerfile(readFileSync(dockerfile, 'utf8'), {
    ...{ buildArgs: {}, platforms: ['linux/amd64'], contexts: [] },
  });
  const entries = await listContext(context, await readIgnoreRules(context, dockerfile));
  return hashContext(context, contextReach(entries, survey.reach));
}

/** Path, link and content of all that the image holds. */
async function built(): Promise<string[]> {
  const file = join(folder, 'image.tar');
  await buildx([
    ...['build', '--builder', 'lab', '--file', dockerfile],
    ...['--output', `type=tar,dest=${file}`, context],
  ]);
  const found: string[] = [];
  await list({
    file,
    onReadEntry: (entry) => {
      const content = createHash('sha256');
      entry.on('data', (chunk: Buffer) => content.update(chunk));
      entry.on('end', () =>
        found.push(`${entry.path} ${entry.linkpath ?? ''} ${content.digest('hex')}`),
      );
    },
  });
  return found.sort();
}

/** Files of which the key says that they do not matter are changed, all of them, and built. */
describe('what is not in the key does not change the image', () => {
  it.each<[string, boolean]>([
    ['FROM scratch\nCOPY src /s', true],
    ['FROM scratch\nCOPY package*.json *.md /d/', true],
    ['FROM scratch\nCOPY linked /x', false],
    ['FROM scratch\nCOPY linked/img /x', false],
    ['FROM scratch\nCOPY src/l*.md /x', false],
    ['FROM scratch\nCOPY ./src/../docs ../build /d/', true],
    ['FROM scratch\nCOPY ["a b", "/x"]', true],
    ['FROM scratch\nCOPY l?b/*/ /x/', true],
    ['FROM scratch\nCOPY lib/[no]* /x/', true],
    ['FROM scratch\nARG D=docs\nCOPY $D /x', false],
    ['FROM scratch\nCOPY /docs/ /x', true],
    ['FROM scratch\nCOPY . /x', false],
    ['FROM scratch\nCOPY <<EOF README.md /x/\nCOPY docs /\nEOF', true],
    ['FROM scratch AS a\nCOPY src /s\nFROM scratch AS b\nCOPY docs /d\nFROM a\nCOPY lib /l', true],
    ['FROM scratch AS a\nCOPY src /s\nFROM scratch\nCOPY --from=a /s/deep /s', true],
    ['FROM scratch\nADD build/make.sh /', true],
    [`FROM ${busybox}\nRUN --mount=target=/m,source=docs cp -r /m /o`, true],
    [`FROM ${busybox}\nRUN --mount=target=/m cp -r /m/lib /o`, false],
    ['FROM scratch AS a\nONBUILD COPY docs /d\nFROM a\nCOPY lib /l', true],
  ])(
    '%j',
    async (text, narrowed) => {
      writeFileSync(dockerfile, text);
      const key = await hash();
      const image = await built();
      const unseen: string[] = [];
      for (const file of files) {
        write(file, 'changed');
        if ((await hash()) === key) unseen.push(file);
        write(file, file);
      }
      for (const file of unseen) write(file, 'changed');
      for (const file of ['new', 'other/new', 'package.txt']) {
        write(file, 'new');
        if ((await hash()) !== key)
          rmSync(join(context, file.split('/')[0] ?? ''), { recursive: true });
      }
      expect(unseen.length > 0).toBe(narrowed);
      expect(await built()).toEqual(image);
    },
    60_000,
  );
});
