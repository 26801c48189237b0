import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../addresses.ts';
import { labContext } from '../lab.ts';
import { build } from './build.ts';

const lab = labContext(silent);
const tag = `${addresses.registry}/build-test/${Date.now().toString(36)}:1`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'build-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function built(...dockerfile: string[]): Promise<string> {
  writeFileSync(join(folder, 'Dockerfile'), dockerfile.join('\n'));
  return build(lab, { context: folder, tag, args: ['--no-cache'] });
}

describe("the lab's BuildKit and base images", () => {
  it('run a step in busybox, and push what came of it', async () => {
    const digest = await built('FROM busybox:1.36', 'RUN echo built > /built && httpd -h / -p 1');
    const answer = await fetch(
      `http://${addresses.registry}/v2/${tag.split('/').slice(1).join('/').replace(':1', '')}/manifests/${digest}`,
      { headers: { accept: 'application/vnd.oci.image.manifest.v1+json' } },
    );
    expect(((await answer.json()) as { layers: unknown[] }).layers).toHaveLength(4);
  }, 60_000);

  it("install Debian's packages", async () => {
    await built(
      'FROM debian:bookworm-slim',
      'RUN apt-get update -qq && apt-get install -qq --no-install-recommends -y tini && tini --version',
    );
  }, 120_000);

  it("install npm's packages, checked by their lockfile", async () => {
    await built(
      'FROM node:24-slim',
      'WORKDIR /app',
      'RUN npm init -y && npm install --package-lock-only is-odd@3.0.1 && npm ci \\',
      ` && node -e "process.exit(require('is-odd')(3) ? 0 : 1)" && npx --version`,
    );
  }, 120_000);

  it('fail when a step fails', async () => {
    await expect(built('FROM busybox:1.36', 'RUN exit 7')).rejects.toMatchObject({
      details: expect.stringContaining('exit code: 7'),
    });
  }, 60_000);
});
