import { describe, expect, it } from '@jest/globals';
import { type GateWorkspace, gateIn, type Inputs } from './gateIn.ts';
import { contents, push } from './images.ts';
import { lockFile } from './sources.ts';
import { unescaped } from './unescaped.ts';

const dayMs = 24 * 3_600_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
const folder = { 'scan-type': 'fs' };
const critical = { 'package-lock.json': lockFile('0.0.8') };
const clean = { 'package-lock.json': lockFile('1.2.6') };
const id = 'CVE-2021-44906';
/** HIGH, without a fix. */
const perl = 'CVE-2023-31484';

const kev = (days: number) =>
  JSON.stringify({
    ...{ title: 'KEV', catalogVersion: '1', dateReleased: inDays(-days), count: 1 },
    vulnerabilities: [{ cveID: perl }],
  });
const epss = (days: number) =>
  `#model_version:v1,score_date:${inDays(-days)}\ncve,epss,percentile\n${perl},0.9,0.99\n`;
/** What Debian says of a package's license; Trivy reads it whatever it is told to look for. */
const copyright = {
  'usr/share/doc/base-files/copyright':
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\nLicense: GPL-3.0\n',
};
const waivers = (change: object) =>
  JSON.stringify([{ id, owner: 'team-data', reason: 'Why.', expires: inDays(90), ...change }]);
const openVex = (change: object) =>
  JSON.stringify({
    ...{ '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'https://acme.example/1', version: 1 },
    ...{ author: 'Acme', timestamp: inDays(-1) },
    statements: [
      {
        vulnerability: { name: id },
        products: [{ '@id': 'pkg:npm/minimist@0.0.8' }],
        status: 'not_affected',
        ...change,
      },
    ],
  });
const cycloneDx = (image: string, [repository = '', digest = ''] = image.split('@')) =>
  JSON.stringify({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: 'urn:uuid:3e67', version: 1 },
    metadata: {
      timestamp: inDays(-1),
      component: {
        ...{ 'bom-ref': 'web', type: 'container', name: 'web' },
        purl: `pkg:oci/${repository.split('/').at(-1)}@${encodeURIComponent(digest)}`,
      },
    },
    components: [
      { 'bom-ref': 'a', type: 'library', name: 'minimist', purl: 'pkg:npm/minimist@0.0.8' },
    ],
    vulnerabilities: [
      {
        id,
        affects: [{ ref: 'a' }],
        analysis: { state: 'not_affected', justification: 'code_not_reachable', detail: 'unused' },
      },
    ],
  });

/** Writes what decides, and gives the inputs; what is judged is the workspace where nothing else is said. */
type Make = (workspace: GateWorkspace) => Promise<Inputs> | Inputs;

interface Expected {
  readonly verdict: 'pass' | 'violation' | 'incomplete';
  /** Of those that count. */
  readonly counted?: string;
  readonly waived?: string;
  /** In the annotation or the summary. */
  readonly says?: string;
}

const given =
  (files: Readonly<Record<string, string>>, inputs: Inputs): Make =>
  ({ write }) => {
    for (const [name, content] of Object.entries(files)) write(name, content);
    return { ...folder, ...inputs };
  };
const image =
  (
    files: Readonly<Record<string, string>>,
    more: Readonly<Record<string, string>>,
    inputs: Inputs,
  ) =>
  async ({ write }: GateWorkspace) => {
    for (const [name, content] of Object.entries(more)) write(name, content);
    return { image: await push(files), ...inputs };
  };

const cases: Record<string, [Make, Expected]> = {
  'a policy as a file': [
    given({ ...critical, 'policy.yaml': 'severities: [HIGH]\n' }, { policy: 'policy.yaml' }),
    { verdict: 'pass' },
  ],
  'a policy as text': [
    given(critical, { policy: 'severities: [CRITICAL, HIGH]\nignore-unfixed: true\n' }),
    { verdict: 'violation', counted: '"CRITICAL":1' },
  ],
  'a vulnerability of years ago, with days of grace': [
    given(critical, { 'fix-grace-days': '30' }),
    { verdict: 'violation', counted: '"CRITICAL":1' },
  ],
  'one within its days of grace': [
    given(critical, { 'fix-grace-days': '36500' }),
    { verdict: 'pass', counted: '"CRITICAL":0' },
  ],
  'a system at its end of life, denied': [
    image(contents.endOfLife, {}, { 'end-of-life': 'deny' }),
    { verdict: 'violation', says: 'debian 9.13' },
  ],
  'a package that is denied, whatever is known of it': [
    given(clean, { policy: 'deny-packages: [{ name: minimist, reason: We have our own. }]' }),
    { verdict: 'violation', says: 'We have our own.' },
  ],
  'a license that is denied': [
    image({ ...contents.clean, ...copyright }, {}, { policy: 'deny-licenses: [GPL-3.0*]' }),
    { verdict: 'violation', says: 'GPL-3.0' },
  ],
  'a license and a package that are denied, where nobody looks for either': [
    image(
      contents.clean,
      {},
      {
        policy: 'deny-licenses: [GPL-3.0*]\ndeny-packages: [{ name: tidy, reason: x }]\n',
        scanners: 'secret',
      },
    ),
    { verdict: 'violation', says: 'tidy' },
  ],
  'licenses of which none is denied': [
    image(contents.clean, {}, { policy: 'deny-licenses: [GPL-3.0*]' }),
    { verdict: 'pass' },
  ],
  'one that is known to be exploited, below the severities': [
    image(
      contents.unfixed,
      { 'kev.json': kev(1) },
      { policy: 'kev: { file: kev.json, max-age-days: 7 }' },
    ),
    { verdict: 'violation', counted: '"HIGH":1', says: perl },
  ],
  'a catalog of the exploited that is too old': [
    image(
      contents.clean,
      { 'kev.json': kev(8) },
      { policy: 'kev: { file: kev.json, max-age-days: 7 }' },
    ),
    { verdict: 'incomplete', says: 'The KEV catalog in kev.json is 8 days old' },
  ],
  'one that is likely to be exploited': [
    image(
      contents.unfixed,
      { 'epss.csv': epss(1) },
      { policy: 'epss: { file: epss.csv, at-least: 0.5, max-age-days: 3 }' },
    ),
    { verdict: 'violation', counted: '"HIGH":1', says: perl },
  ],
  'one that is less likely than is allowed': [
    image(
      contents.unfixed,
      { 'epss.csv': epss(1) },
      { policy: 'epss: { file: epss.csv, at-least: 0.95, max-age-days: 3 }' },
    ),
    { verdict: 'pass' },
  ],
  'scores that are too old': [
    image(
      contents.clean,
      { 'epss.csv': epss(4) },
      { policy: 'epss: { file: epss.csv, at-least: 0.5, max-age-days: 3 }' },
    ),
    { verdict: 'incomplete', says: 'The EPSS list in epss.csv is 4 days old' },
  ],
  'scores that are not there': [
    image(contents.clean, {}, { policy: 'epss: { file: no.csv, at-least: 1, max-age-days: 3 }' }),
    { verdict: 'incomplete', says: 'The policy needs no.csv, and it cannot be read.' },
  ],
  'a database that is older than allowed': [
    given(clean, { 'max-database-age': '0' }),
    { verdict: 'incomplete', says: 'The vulnerability database is' },
  ],
  'a waiver': [
    given({ ...critical, 'w.yaml': waivers({}) }, { waivers: 'w.yaml' }),
    { verdict: 'pass', counted: '"CRITICAL":0', waived: '1', says: 'team-data' },
  ],
  'a waiver that has ended': [
    given({ ...critical, 'w.yaml': waivers({ expires: inDays(-1) }) }, { waivers: 'w.yaml' }),
    { verdict: 'violation', waived: '0', says: 'for they have ended' },
  ],
  'a waiver that ends soon': [
    given({ ...critical, 'w.yaml': waivers({ expires: inDays(5) }) }, { waivers: 'w.yaml' }),
    { verdict: 'pass', waived: '1', says: 'These waivers end within 14 days' },
  ],
  'a waiver that nobody needs': [
    given({ ...clean, 'w.yaml': waivers({}) }, { waivers: 'w.yaml' }),
    { verdict: 'pass', waived: '0', says: 'match nothing that counts, so they can go' },
  ],
  'a waiver of another package': [
    given({ ...critical, 'w.yaml': waivers({ package: 'tidy' }) }, { waivers: 'w.yaml' }),
    { verdict: 'violation', waived: '0' },
  ],
  'a waiver that the policy lets nobody write': [
    given(
      { ...critical, 'w.yaml': waivers({}) },
      { waivers: 'w.yaml', policy: `never-waive: [${id}]` },
    ),
    { verdict: 'violation', waived: '0', says: 'never-waive' },
  ],
  'a .trivyignore, when it is named': [
    given({ ...critical, '.trivyignore': `${id}\n` }, { trivyignores: '.trivyignore' }),
    { verdict: 'pass', waived: '1', says: 'ignored without owner, reason, end' },
  ],
  'a .trivyignore.yaml': [
    given(
      {
        ...critical,
        'ignore.yaml': `vulnerabilities:\n  - id: ${id}\n    statement: Not reached.\n    expired_at: 2099-01-01\n`,
      },
      { trivyignores: 'ignore.yaml' },
    ),
    { verdict: 'pass', waived: '1', says: 'ignored without owner' },
  ],
  'a .trivyignore.yaml that has ended': [
    given(
      {
        ...critical,
        'ignore.yaml': `vulnerabilities:\n  - id: ${id}\n    expired_at: 2020-01-01\n`,
      },
      { trivyignores: 'ignore.yaml' },
    ),
    { verdict: 'violation', waived: '0', says: 'for they have ended' },
  ],
  'a .trivyignore that lies about': [
    given({ ...critical, '.trivyignore': `${id}\n` }, {}),
    { verdict: 'violation', waived: '0' },
  ],
  'OpenVEX with a justification': [
    given(
      {
        ...critical,
        'vex.json': openVex({ justification: 'vulnerable_code_not_in_execute_path' }),
      },
      { vex: 'vex.json' },
    ),
    { verdict: 'pass', waived: '1', says: 'vulnerable_code_not_in_execute_path' },
  ],
  'OpenVEX without one': [
    given({ ...critical, 'vex.json': openVex({}) }, { vex: 'vex.json' }),
    { verdict: 'violation', waived: '0', says: 'excuse nothing' },
  ],
  'CycloneDX of this image': [
    async ({ write }) => {
      const image = await push(contents.critical);
      write('vex.cdx.json', cycloneDx(image));
      return { image, vex: 'vex.cdx.json' };
    },
    { verdict: 'pass', waived: '1', says: 'code_not_reachable' },
  ],
  'CycloneDX of another image': [
    async ({ write }) => {
      write('vex.cdx.json', cycloneDx(await push(contents.low)));
      return { image: await push(contents.critical), vex: 'vex.cdx.json' };
    },
    { verdict: 'violation', waived: '0' },
  ],
};

describe('what counts, and what does not:', () => {
  it.each(Object.entries(cases))(
    '%s',
    async (_, [make, { verdict, counted, waived, says }]) => {
      using workspace = gateIn();
      const step = await workspace.gate(await make(workspace));
      const { outputs } = step;
      expect(outputs).toMatchObject({ verdict });
      expect(step.exitCode).toBe(verdict === 'pass' ? 0 : 1);
      if (counted !== undefined) expect(outputs['new-findings']).toContain(counted);
      if (waived !== undefined) expect(outputs.waived).toBe(waived);
      const told = [...step.annotations.map(({ message }) => message), unescaped(step.summary)];
      if (says !== undefined) expect(told.join('\n')).toContain(says);
    },
    30_000,
  );
});
