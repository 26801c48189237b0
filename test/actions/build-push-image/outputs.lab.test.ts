import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addresses } from '../../lab/addresses.ts';
import { content, randomDockerfile } from './randomStep.ts';
import { workspace } from './workspace.ts';

const repository = {
  full_name: 'acme/web',
  name: 'web',
  description: 'The map',
  html_url: 'https://github.com/acme/web',
  license: { spdx_id: 'MIT' },
  default_branch: 'main',
};

describe('what the next step gets', () => {
  it('is whole, and true of the registry', async () => {
    using space = workspace({ Dockerfile: randomDockerfile() });
    const [event, artifacts] = ['event.json', 'artifacts'].map((name) => join(space.folder, name));
    writeFileSync(event ?? '', JSON.stringify({ repository }));
    writeFileSync(artifacts ?? '', 'oci://earlier@sha256:1\n');
    const step = await space.build({
      inputs: {
        tags: 'type=semver,pattern={{version}}\ntype=sha',
        labels: 'team=maps',
        provenance: 'false',
        cache: 'off',
      },
      env: {
        GITHUB_REF: 'refs/tags/v1.4.2',
        GITHUB_EVENT_PATH: event ?? '',
        GITHUB_ARTIFACTS: artifacts ?? '',
      },
    });
    expect(step.exitCode).toBe(0);
    const { digest = '', imageid, size, metadata = '', json = '', labels = '' } = step.outputs;
    const repositoryPath = space.image.slice(addresses.registry.length + 1);
    expect(step.outputs).toMatchObject({
      reference: `${space.image}@${digest}`,
      'reference-without-host': `${repositoryPath}@${digest}`,
      version: '1.4.2',
      built: 'true',
      'cache-hit-ratio': '0',
      tags: ['1.4.2', 'sha-0123456', 'latest'].map((tag) => `${space.image}:${tag}`).join('\n'),
    });
    const manifest = JSON.parse((await content(space.image, `manifests/${digest}`)).toString());
    expect(imageid).toBe(manifest.config.digest);
    const blobs: { size: number }[] = [manifest.config, ...manifest.layers];
    expect(Number(size)).toBe(blobs.reduce((sum, blob) => sum + blob.size, 0));

    const config = JSON.parse((await content(space.image, `blobs/${imageid}`)).toString());
    const told = Object.fromEntries(labels.split('\n').map((line) => line.split(/=(.*)/s)));
    expect(config.config.Labels).toEqual(told);
    expect(told).toMatchObject({
      team: 'maps',
      'org.opencontainers.image.title': 'web',
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.version': '1.4.2',
    });
    expect(JSON.parse(json)).toMatchObject({
      tags: step.outputs.tags?.split('\n'),
      labels: told,
    });
    expect(JSON.parse(metadata)).toMatchObject({ 'containerimage.digest': digest });
    expect(readFileSync(artifacts ?? '', 'utf8')).toBe(
      `oci://earlier@sha256:1\noci://${space.image}@${digest}\n`,
    );
  }, 60_000);

  it('is the share of the steps that a cache had', async () => {
    const more = 'COPY a.txt /\nCOPY b.txt /\nRUN true\n';
    using space = workspace({
      Dockerfile: `${randomDockerfile()}${more}`,
      'a.txt': '',
      'b.txt': '',
    });
    await space.build({ inputs: { tags: '1' } });
    writeFileSync(join(space.folder, 'b.txt'), 'changed');
    const step = await space.build({ inputs: { tags: '1' } });
    // The RUN step and the first COPY, of four; the base image is no step of its own.
    expect(step.outputs['cache-hit-ratio']).toBe('0.5');
    expect(step.summary).toMatch(/2 of 4|50 ?%/);
  }, 60_000);

  it('has a name without the host, where the host is a secret, and a warning tells', async () => {
    using space = workspace({ Dockerfile: randomDockerfile() });
    const step = await space.build({
      inputs: { tags: '1', cache: 'off', secrets: `host=${addresses.registry}` },
    });
    expect(step.exitCode).toBe(0);
    expect(step.masks).toContain(addresses.registry);
    expect(step.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('hand on `reference-without-host`') },
    ]);
    expect(step.outputs['reference-without-host']).toMatch(/^test\/build-\w+@sha256:[0-9a-f]{64}$/);
  }, 60_000);

  it('is there although it cannot be announced', async () => {
    using space = workspace({ Dockerfile: randomDockerfile() });
    const step = await space.build({
      inputs: { tags: '1', cache: 'off' },
      env: { GITHUB_ARTIFACTS: join(space.folder, 'no', 'such', 'folder') },
    });
    expect(step.exitCode).toBe(0);
    expect(step.outputs.reference).toBe(`${space.image}@${step.outputs.digest}`);
    expect(step.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('The image is not announced') },
    ]);
  }, 60_000);
});
