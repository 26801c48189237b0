import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { buildkitAddress } from '../../lab/buildkit/buildkit.ts';
import { labContext } from '../../lab/lab.ts';
import { pushImage } from '../../lab/registry/pushImage.ts';
import { startAction } from '../startAction.ts';
import { gateIn } from './gateIn.ts';
import { contents, npm, ownRepository } from './images.ts';
import { unescaped } from './unescaped.ts';

const lab = labContext(silent);
const severity = 'CRITICAL,HIGH';

/** Names are broken by spaces that nobody sees, so that nothing becomes a link. */
const told = (summary: string) => unescaped(summary).replaceAll('\u200b', '');

/** Pushes a base: what it holds, by its tag. */
function base(
  repository: string,
  tags: Readonly<Record<string, Readonly<Record<string, string>>>>,
) {
  const pushed = Object.entries(tags).map(async ([tag, files]) => {
    return [tag, await pushImage({ repository, tag, files })] as const;
  });
  return Promise.all(pushed).then((all) => Object.fromEntries(all));
}

/** Builds an image by our own action, which keeps what it was built from as provenance. */
async function built(from: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'on-base-'));
  const files = { Dockerfile: `FROM ${from}\nCOPY own /own\n`, own: from };
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const image = `${addresses.registry}/${ownRepository()}`;
    const inputs = { image, builder: buildkitAddress(lab), tags: '1' };
    const step = await startAction('build-push-image', { inputs, workspace: folder });
    return step.outputs.reference ?? step.log;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.concurrent('the tag of the base that removes most is recommended, by a scan of each', async () => {
  using workspace = gateIn();
  const repository = ownRepository();
  const both = { ...contents.unfixed, ...npm('minimist', '0.0.8', 'usr/lib') };
  const pushed = await base(repository, {
    '1.0-slim': both,
    '1.1-slim': contents.unfixed,
    '2.0-slim': contents.clean,
    '3.0': contents.clean,
  });
  const from = `${addresses.registry}/${repository}:1.0-slim`;
  const image = await built(from);
  const step = await workspace.gate({ image, severity, 'recommend-base': 'true' });
  expect(step.outputs.verdict).toBe('violation');
  const digest = pushed['2.0-slim']?.split('@')[1];
  expect(told(step.summary)).toContain(
    `Move the base image from ${from} to ${addresses.registry}/${repository}:2.0-slim (${digest}): of 2 findings that count and come from the base, 2 go. 2 bases judged`,
  );
  const without = await workspace.gate({ image, severity });
  expect(without.summary).not.toContain('Move the base image');
  expect(without.outputs).toMatchObject({ 'exit-reason': step.outputs['exit-reason'] });
}, 60_000);

it.concurrent('so is the same tag, where it was made anew since; and what cannot be judged is not', async () => {
  using workspace = gateIn();
  const repository = ownRepository();
  await base(repository, { '1.0': contents.unfixed, '2.0': contents.unsupported });
  const from = `${addresses.registry}/${repository}:1.0`;
  const image = await built(from);
  await base(repository, { '1.0': contents.clean });
  const step = await workspace.gate({ image, severity, 'recommend-base': 'true' });
  expect(told(step.summary)).toContain(`Build the image again on ${from} as it is now`);
  expect(told(step.summary)).toContain(`Not judged: ${addresses.registry}/${repository}:2.0.`);
}, 60_000);

it.concurrent('of an image of which nobody says what it stands on that is said, and no other verdict', async () => {
  using workspace = gateIn();
  const image = await pushImage({ repository: ownRepository(), files: contents.critical });
  const step = await workspace.gate({ image, 'recommend-base': 'true' });
  expect(step.outputs.verdict).toBe('violation');
  expect(step.summary).toContain('Nothing says which base image it stands on');
}, 60_000);
