import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bakeFile } from '../../../actions/build-push-image/src/metadata/bakeFile.ts';
import { exampleEvent } from '../../../actions/build-push-image/src/metadata/exampleEvent.ts';
import { noFlavor } from '../../../actions/build-push-image/src/metadata/Flavor.ts';
import { makeMetadata } from '../../../actions/build-push-image/src/metadata/makeMetadata.ts';
import { readTagRules } from '../../../actions/build-push-image/src/metadata/readTagRules.ts';
import { silent } from '../../../shared/log/Log.ts';
import { formatReference, parseReference } from '../../../shared/oci/Reference.ts';
import { build } from '../../lab/buildkit/build.ts';
import { command } from '../../lab/command.ts';
import { labContext } from '../../lab/lab.ts';
import { digestOf, workspace } from './workspace.ts';

const lab = labContext(silent);

function metadataOf(image: string) {
  return makeMetadata({
    images: [parseReference(image)],
    rules: readTagRules(['type=ref,event=branch', 'type=raw,value=x-{{branch}}', 'type=sha']),
    flavor: noFlavor,
    labels: ['quoted=a "b", $(c)=`d`', 'empty=', 'lines={{branch}}'],
    annotations: ['unicode=größe, 日本', 'index,manifest:both=1'],
    event: exampleEvent(`refs/heads/-ü/$(id)&"x"{{date}}/${'b'.repeat(140)}`),
    now: new Date(),
    shortShaLength: 7,
    annotationLevels: ['manifest'],
  });
}

/** A document of the registry: a manifest, or a blob. */
async function fetchJson(image: string, path: string) {
  const [host, ...name] = image.split('/');
  const response = await fetch(`http://${host}/v2/${name.join('/')}/${path}`, {
    headers: {
      accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json',
    },
  });
  return response.json() as Promise<{
    config: { digest: string; Labels: Record<string, string> };
    annotations: Record<string, string>;
    manifests: { digest: string }[];
  }>;
}

describe('what is made of a hostile branch', () => {
  it('is what BuildKit and the registry take, and hand back', async () => {
    using space = workspace({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
    const { tags, tagNames, labels, annotations } = await metadataOf(space.image);
    const [first = '', ...others] = tags.map(formatReference);
    const digest = await build(lab, {
      context: space.folder,
      tag: first,
      args: [
        ...others.flatMap((tag) => ['--tag', tag]),
        ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
        ...annotations.flatMap((annotation) => ['--annotation', annotation]),
        // An attestation makes an index, for the annotation that belongs there.
        '--provenance=mode=min',
      ],
    });
    expect(tagNames).toHaveLength(3);
    for (const name of tagNames) expect(await digestOf(space.image, name)).toBe(digest);
    const index = await fetchJson(space.image, `manifests/${digest}`);
    expect(index.annotations).toEqual({ both: '1' });
    const manifest = await fetchJson(space.image, `manifests/${index.manifests[0]?.digest}`);
    const plain = annotations.filter((one) => !one.startsWith('index,'));
    const expected = plain.map((one) => one.replace('manifest:', '').split(/=(.*)/s).slice(0, 2));
    expect(manifest.annotations).toEqual({ ...Object.fromEntries(expected), both: '1' });
    const image = await fetchJson(space.image, `blobs/${manifest.config.digest}`);
    expect(image.config.Labels).toEqual(labels);
  }, 60_000);

  it('is what a bake file says', async () => {
    using space = workspace({
      'docker-bake.hcl':
        'target "docker-metadata-action" {}\ntarget "web" { inherits = ["docker-metadata-action"] }\n',
    });
    const metadata = await metadataOf(space.image);
    const own = join(space.folder, 'meta.json');
    writeFileSync(own, bakeFile(metadata, ['tags', 'labels', 'annotations']));
    const hcl = join(space.folder, 'docker-bake.hcl');
    const args = ['bake', '--print', '--file', hcl, '--file', own, 'web'];
    const printed = await command(await lab.program('buildx'), args, {
      env: { BUILDX_CONFIG: space.folder },
    });
    const { web } = JSON.parse(printed).target;
    expect(web.tags).toEqual(metadata.tags.map(formatReference));
    expect(web.labels).toEqual(metadata.labels);
    expect(web.args.DOCKER_META_VERSION).toBe(metadata.version);
  });
});
