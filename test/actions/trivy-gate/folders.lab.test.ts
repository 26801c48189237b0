import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { trivyDbRepository as database } from '../../lab/trivy-db/trivyDb.ts';
import { startAction } from '../startAction.ts';
import { contents, push } from './images.ts';

const folders: string[] = [];
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'trivy-gate-targets-'));
  folders.push(path);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

function gate(inputs: Readonly<Record<string, string>>, workspace: string, env = {}) {
  const known = { 'db-repository': database, ...inputs };
  return startAction('trivy-gate', { inputs: known, workspace, env });
}

const cluster = `
resource "azurerm_kubernetes_cluster" "platform" {
  name                              = "platform"
  location                          = "canadacentral"
  resource_group_name               = "platform"
  dns_prefix                        = "platform"
  role_based_access_control_enabled = false
}
`;

describe('what is no image, and holds nothing to be judged', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['fs', {}, { 'README.md': 'nothing' }],
    ['sbom', { 'scan-ref': 'bom.json' }, { 'bom.json': '{}' }],
    ['config', {}, { 'README.md': 'nothing' }],
  ])(
    '%s %j of %j is incomplete',
    async (type, inputs, files) => {
      const step = await gate({ 'scan-type': type, ...inputs }, folder(files));
      expect([step.outputs.verdict, step.outputs['exit-reason']]).toEqual([
        'incomplete',
        expect.any(String),
      ]);
      expect(step.exitCode).toBe(1);
    },
    30_000,
  );

  it('is annotated at its line', async () => {
    const workspace = folder({ 'infra/aks.tf': cluster });
    const step = await gate({ 'scan-type': 'config', severity: 'HIGH,CRITICAL' }, workspace);
    expect(step.annotations).toContainEqual(
      expect.objectContaining({
        properties: expect.objectContaining({ file: 'infra/aks.tf', line: '7' }),
      }),
    );
  }, 30_000);
});

describe('a report of another run', () => {
  it('is judged, and has to be about the image that is named', async () => {
    const image = await push(contents.critical);
    const workspace = folder();
    const first = await gate({ image }, workspace, { RUNNER_TEMP: workspace });
    const report = { 'scan-type': 'report', 'scan-ref': first.outputs.report ?? '' };
    const judged = async (more: Readonly<Record<string, string>>) =>
      (await gate({ ...report, ...more }, workspace)).outputs.verdict;
    expect(await judged({})).toBe('violation');
    expect(await judged({ image })).toBe('violation');
    const clean = await push(contents.clean);
    const about = await gate({ ...report, image: clean }, workspace);
    expect([about.exitCode, about.outputs.verdict]).toEqual([1, 'incomplete']);
    const old = await gate({ ...report, 'max-report-age': '1ms' }, workspace);
    expect(old.outputs['exit-reason']).toContain('Besides, not all was seen');
  }, 30_000);
});
