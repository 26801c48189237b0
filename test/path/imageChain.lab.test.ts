import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/actions.ts';
import { silent } from '../../shared/log/Log.ts';
import { digestOf } from '../actions/build-push-image/workspace.ts';
import { addresses } from '../lab/addresses.ts';
import { labContext } from '../lab/lab.ts';
import { runWorkflow } from './runWorkflow.ts';

const lab = labContext(silent);
const links = ['base', 'platform', 'tensorflow'];

/** What the steps said they did, `base-cpu` and its like by its digest. */
function outcomes(log: string, deed: 'Pushed' | 'Found'): Record<string, string> {
  const said = log.matchAll(/^(Pushed|Found) [^/\s]+\/([\w-]+)@(sha256:[0-9a-f]{64})\. It was/gm);
  return Object.fromEntries(
    [...said].flatMap(([, did, image = '', digest = '']) =>
      did === deed ? [[image, digest]] : [],
    ),
  );
}

interface Manifest {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly layers?: readonly { readonly digest: string }[];
}

/** The layers of an image's only platform. */
async function layersOf(image: string, digest: string): Promise<string[]> {
  const url = `http://${addresses.registry}/v2/${image}/manifests/${digest}`;
  const accept =
    'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json';
  const { manifests, layers = [] } = (await (
    await fetch(url, { headers: { accept } })
  ).json()) as Manifest;
  const [first] = manifests ?? [];
  return first === undefined ? layers.map((one) => one.digest) : layersOf(image, first.digest);
}

describe('the example of a chain of images', () => {
  it('builds each link on the digest of the one before, and nothing of it twice', async () => {
    const busybox = `${addresses.registry}/library/busybox`;
    const bottom = `${busybox}:1.36@${await digestOf(busybox, '1.36')}`;
    // A chain that no run before this one has built.
    const content = `${Math.random()}\n`;
    const chain = () =>
      runWorkflow(lab, {
        component: join(root, 'test/components/image-chain'),
        workflow: 'image-chain.yml',
        variables: { BASE_CPU: bottom, BASE_GPU: bottom },
        change: (folder) => writeFileSync(join(folder, 'base/base.txt'), content),
      });

    const first = await chain();
    expect(first.errors).toEqual([]);
    expect(first.exitCode).toBe(0);
    const built = outcomes(first.log, 'Pushed');
    const flavours = ['cpu', 'gpu'];
    const images = flavours.flatMap((flavour) => links.map((link) => `${link}-${flavour}`));
    expect(Object.keys(built).sort()).toEqual([...images].sort());
    for (const flavour of flavours) {
      const names = links.map((link) => `${link}-${flavour}`);
      const [base = [], platform = [], tensorflow = []] = await Promise.all(
        names.map((name) => layersOf(name, built[name] ?? '')),
      );
      expect(platform.slice(0, base.length)).toEqual(base);
      expect(tensorflow.slice(0, platform.length)).toEqual(platform);
      expect(tensorflow).toHaveLength(base.length + 2);
    }

    const again = await chain();
    expect(again.exitCode).toBe(0);
    expect(outcomes(again.log, 'Found')).toEqual(built);
  }, 180_000);
});
