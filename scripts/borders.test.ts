import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { root } from './actions.ts';

const environment = 'process.env';
const refused: readonly (readonly [file: string, what: string])[] = [
  ['shared/helm', '@actions/core'],
  ['actions/helm-deploy/src', '@actions/core'],
  ['shared/helm', 'execa'],
  ['shared/helm', '@actions/exec'],
  ['shared/helm', '@kubernetes/client-node'],
  ['shared/oci', '@azure/identity'],
  ['shared/oci', '@actions/github'],
  ['shared/oci', 'got'],
  ['shared/oci', '../action/Runner.ts'],
  ['shared/oci', '../../actions/helm-deploy/src/main.ts'],
  ['actions/helm-deploy/src', '../../trivy-gate/src/main.ts'],
  ['shared/oci', environment],
  ['actions/helm-deploy/src', environment],
];
const allowed: readonly (readonly [file: string, what: string])[] = [
  ['shared/action', '@actions/core'],
  ['shared/process', 'execa'],
  ['shared/kube', '@kubernetes/client-node'],
  ['shared/azure', '@azure/identity'],
  ['shared/github', '@actions/github'],
  ['shared/http', 'got'],
  ['actions/helm-deploy/src', '../../../shared/oci/Reference.ts'],
  ['actions/helm-deploy/src', '../../../shared/action/Runner.ts'],
  ['shared/action', environment],
];

/** A house of one file a case, linted by our own configuration. */
const house = mkdtempSync(join(tmpdir(), 'borders-'));
afterAll(() => rmSync(house, { recursive: true }));
const cases = [...refused, ...allowed].map(([folder, what], index) => {
  const file = `${folder}/case${index}.ts`;
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(
    join(house, file),
    what === environment
      ? 'export const a = process.env.A;\n'
      : `import { a } from '${what}';\n\nexport const b = a;\n`,
  );
  return { folder, what, file };
});
cpSync(join(root, 'biome.json'), join(house, 'biome.json'));
const { stdout } = spawnSync(
  join(root, 'node_modules/.bin/biome'),
  ['lint', '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none', '.'],
  { cwd: house, encoding: 'utf8' },
);
const complaints = (file: string) => stdout.split('\n').filter((line) => line.includes(file));

describe('the borders of the house', () => {
  it.each(cases.slice(0, refused.length))('$folder may not have $what', ({ file }) => {
    expect(complaints(file)).toEqual([expect.stringMatching(/noRestrictedImports|noProcessEnv/)]);
  });

  it.each(cases.slice(refused.length))('$folder may have $what', ({ file }) => {
    expect(complaints(file)).toEqual([]);
  });
});
