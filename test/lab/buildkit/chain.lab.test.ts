import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../addresses.ts';
import { labContext } from '../lab.ts';
import { build } from './build.ts';
import { freshRepository } from './testStep.ts';

const lab = labContext(silent);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chain-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A link as the example workflow builds it: on its parent, which is named by its digest. */
async function link(image: string, parent: string, run: string): Promise<string> {
  writeFileSync(join(folder, 'Dockerfile'), `FROM parent\nRUN ${run}\n`);
  const args = ['--build-context', `parent=docker-image://${parent}`];
  return `${image}@${await build(lab, { context: folder, tag: `${image}:1`, args })}`;
}

async function layersOf(reference: string): Promise<string[]> {
  const [name = '', digest = ''] = reference.split('@');
  const [host, ...path] = name.split('/');
  const answer = await fetch(`http://${host}/v2/${path.join('/')}/manifests/${digest}`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  const { layers } = (await answer.json()) as { layers: { digest: string }[] };
  return layers.map((layer) => layer.digest);
}

describe('a chain of images', () => {
  it.each(['cpu', 'gpu'])(
    '%s: each link stands on the digest that was handed on, whatever the tag names by now',
    async (flavour) => {
      const image = (name: string) => `${addresses.registry}/${freshRepository(name)}`;
      const [base, platform, tensorflow] = [image('base'), image('platform'), image('tensorflow')];
      const one = await link(base, 'busybox:1.36', `echo ${flavour} > /base`);
      // Another job moves the tag of the parent meanwhile.
      await link(base, 'busybox:1.36', 'echo other > /base');
      const two = await link(platform, one, 'cat /base > /platform');
      const three = await link(
        tensorflow,
        two,
        `test "$(cat /base /platform)" = "$(printf '${flavour}\\n${flavour}')" && echo > /tensorflow`,
      );
      const [below, middle, top] = await Promise.all([one, two, three].map(layersOf));
      expect(middle?.slice(0, below?.length)).toEqual(below);
      expect(top?.slice(0, middle?.length)).toEqual(middle);
    },
    60_000,
  );
});
