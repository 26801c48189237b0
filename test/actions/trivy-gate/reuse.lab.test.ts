import { describe, expect, it } from '@jest/globals';
import { addresses } from '../../lab/addresses.ts';
import { figure } from '../../lab/figure.ts';
import { pushManifest } from '../../lab/registry/pushContent.ts';
import { trivyDbRepository } from '../../lab/trivy-db/trivyDb.ts';
import { attached } from './attached.ts';
import { gateIn, type Inputs } from './gateIn.ts';
import { contents, push } from './images.ts';
import { newKey } from './newKey.ts';
import { watchedTrivy } from './watchedTrivy.ts';

const [ours, other] = [newKey(), newKey()];

/** The lab's database by another digest. */
async function otherDatabase(): Promise<string> {
  const base = `http://${addresses.registry}`;
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const answer = await fetch(`${base}/v2/lab/trivy-db/manifests/2`, {
    headers: { accept: mediaType },
  });
  const manifest = { ...((await answer.json()) as object), mediaType, annotations: { other: 'x' } };
  const digest = await pushManifest(base, 'lab/trivy-db', undefined, manifest);
  return `${trivyDbRepository.replace(/:2$/, '')}@${digest}`;
}

describe('a verdict of before', () => {
  const waiver = (reason: string) =>
    JSON.stringify([{ id: 'CVE-2021-44906', owner: 'team-data', reason, expires: '2099-01-01' }]);

  it('stands in for a scan: Trivy is not started, and less than a second goes by', async () => {
    using workspace = gateIn({ 'w.yaml': waiver('a') });
    const { env, starts, scans } = await watchedTrivy(workspace);
    const image = await push(contents.critical);
    const inputs = { image, 'signing-key': ours, reuse: 'on', severity: 'CRITICAL,HIGH' };
    const first = await workspace.gate(inputs, { env });
    expect(first.outputs.verdict).toBe('violation');
    expect(first.summary).toContain('Scanned anew');
    expect(scans()).toBe(1);
    const before = starts();
    const again = await workspace.gate(inputs, { env });
    expect(starts()).toBe(before);
    expect(again.outputs).toMatchObject({
      verdict: 'violation',
      'exit-reason': first.outputs['exit-reason'],
      findings: first.outputs.findings,
      'new-findings': first.outputs['new-findings'],
      digest: first.outputs.digest,
    });
    expect(again.annotations).toEqual(first.annotations);
    expect(again.summary).not.toContain('⚠️');
    expect(again.summary).toContain('Not scanned again');
    const evidence = /Evidence \|.*sha256:[0-9a-f]{64}/;
    expect(evidence.exec(again.summary)?.[0]).toBe(evidence.exec(first.summary)?.[0]);
    expect(again.exitCode).toBe(1);
    // Somebody else may have had the machine in the first one.
    const others = [await workspace.gate(inputs, { env }), await workspace.gate(inputs, { env })];
    const durationMs = Math.min(...[again, ...others].map((step) => step.durationMs));
    figure(
      `trivy-gate: a verdict of before stood in for a scan after ${Math.round(durationMs)} ms`,
    );
    expect(durationMs).toBeLessThan(1000);
    expect(await attached(image)).toHaveLength(2);
  }, 60_000);

  it('does not when anything differs that decides', async () => {
    using workspace = gateIn({ 'w.yaml': waiver('a') });
    const { env, scans } = await watchedTrivy(workspace);
    const image = await push(contents.critical);
    const same: Inputs = { image, 'signing-key': ours, reuse: 'on', waivers: 'w.yaml' };
    const changes: Record<string, () => Promise<Inputs> | Inputs> = {
      'the first': () => same,
      'the policy': () => ({ ...same, severity: 'HIGH' }),
      'the scan': () => ({ ...same, 'skip-dirs': 'srv' }),
      'the database': async () => ({ ...same, 'db-repository': await otherDatabase() }),
      'the baseline': async () => ({ ...same, baseline: await push(contents.clean) }),
      'the signer': () => ({ ...same, 'signing-key': other }),
      'the waiver': () => {
        workspace.write('w.yaml', waiver('b'));
        return same;
      },
    };
    for (const [part, change] of Object.entries(changes)) {
      const before = scans();
      const inputs = await change();
      await workspace.gate(inputs, { env });
      expect([part, scans() > before]).toEqual([part, true]);
      const scanned = scans();
      await workspace.gate(inputs, { env });
      expect([`${part} again`, scans()]).toEqual([`${part} again`, scanned]);
    }
  }, 120_000);

  it('is not asked for without `reuse`', async () => {
    using workspace = gateIn();
    const { env, scans } = await watchedTrivy(workspace);
    const inputs = { image: await push(contents.clean), 'signing-key': ours };
    await workspace.gate(inputs, { env });
    await workspace.gate(inputs, { env });
    expect(scans()).toBe(2);
  }, 30_000);
});
