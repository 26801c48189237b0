import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/actions.ts';
import { silent } from '../../shared/log/Log.ts';
import { addresses } from '../lab/addresses.ts';
import { labContext } from '../lab/lab.ts';
import { runWorkflow } from './runWorkflow.ts';

interface Index {
  readonly manifests: readonly { readonly platform?: { readonly architecture: string } }[];
}

describe('the example of an image for two platforms', () => {
  it('merges what two jobs built, and hands on one digest', async () => {
    const run = await runWorkflow(labContext(silent), {
      component: join(root, 'test/components/multi-platform'),
      workflow: 'multi-platform.yml',
    });
    expect(run.errors).toEqual([]);
    expect(run.exitCode).toBe(0);
    const built = run.steps.filter(({ step }) => step === 'build-push-image');
    expect(built.map(({ job }) => job).sort()).toEqual(['amd64', 'arm64', 'image']);
    const [name = '', digest] = run.outputs['build-push-image reference']?.split('@') ?? [];
    const path = name.slice(`${addresses.registry}/`.length);
    const answer = await fetch(`http://${addresses.registry}/v2/${path}/manifests/${digest}`, {
      headers: { accept: 'application/vnd.oci.image.index.v1+json' },
    });
    const { manifests } = (await answer.json()) as Index;
    const platforms = manifests.map(({ platform }) => platform?.architecture);
    expect(platforms.filter((one) => one !== 'unknown').sort()).toEqual(['amd64', 'arm64']);
  }, 120_000);
});
