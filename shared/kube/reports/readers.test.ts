import { describe, expect, it } from '@jest/globals';
import { readComplianceReport } from './readComplianceReport.ts';
import { readConfigAuditReport } from './readConfigAuditReport.ts';
import { readExposedSecretReport } from './readExposedSecretReport.ts';
import { readVulnerabilityReport } from './readVulnerabilityReport.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const made = '2026-11-24T08:00:00Z';
const scanner = { name: 'Trivy', vendor: 'Aqua Security', version: '0.74.0' };
const artifact = { repository: 'shop/web', tag: '1', digest };

function object(operator: string, body: object) {
  return {
    kind: 'Report',
    metadata: {
      name: 'replicaset-web-7d4-app',
      namespace: 'apps',
      creationTimestamp: made,
      labels: {
        [`${operator}.resource.kind`]: 'ReplicaSet',
        [`${operator}.resource.name`]: 'web-7d4',
        [`${operator}.resource.namespace`]: 'apps',
        [`${operator}.container.name`]: 'app',
      },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-7d4', uid: 'rs' }],
    },
    ...body,
  };
}

const vulnerability = {
  vulnerabilityID: 'CVE-2026-1',
  resource: 'openssl',
  installedVersion: '3.0.1',
  fixedVersion: '3.0.2',
  severity: 'CRITICAL',
  title: 'It breaks',
  publishedDate: '2026-01-02T03:04:05Z',
  primaryLink: 'https://avd.aquasec.com/nvd/cve-2026-1',
  score: 9.8,
  packagePURL: 'pkg:deb/debian/openssl@3.0.1',
  target: '',
};

describe('a VulnerabilityReport', () => {
  const report = {
    updateTimestamp: '2026-11-24T09:00:00Z',
    scanner,
    artifact,
    os: { family: 'debian', name: '9.1', eosl: true },
    summary: { criticalCount: 1, highCount: 0, noneCount: 7 },
    vulnerabilities: [vulnerability],
  };

  it('of the Trivy operator is read', () => {
    expect(readVulnerabilityReport(object('trivy-operator', { report }))).toEqual({
      name: 'apps/replicaset-web-7d4-app',
      namespace: 'apps',
      about: { namespace: 'apps', kind: 'ReplicaSet', name: 'web-7d4' },
      container: 'app',
      ownerUid: 'rs',
      updatedAt: new Date('2026-11-24T09:00:00Z'),
      digest,
      scanner: { name: 'Trivy', version: '0.74.0' },
      system: { family: 'debian', name: '9.1', endOfLife: true },
      manual: [],
      findings: [
        {
          kind: 'vulnerability',
          id: 'CVE-2026-1',
          severity: 'CRITICAL',
          title: 'It breaks',
          subject: {
            name: 'openssl',
            version: '3.0.1',
            purl: 'pkg:deb/debian/openssl@3.0.1',
            path: undefined,
          },
          fix: '3.0.2',
          url: 'https://avd.aquasec.com/nvd/cve-2026-1',
          publishedAt: new Date('2026-01-02T03:04:05Z'),
          score: 9.8,
        },
      ],
    });
  });

  it('of Starboard is read', () => {
    const { publishedDate, primaryLink, score, packagePURL, ...older } = vulnerability;
    const { updateTimestamp, os, ...said } = report;
    const found = readVulnerabilityReport(
      object('starboard', {
        report: {
          ...said,
          vulnerabilities: [{ ...older, fixedVersion: '', links: ['https://a'] }],
        },
      }),
    );
    expect(found).toMatchObject({ container: 'app', updatedAt: new Date(made), system: undefined });
    expect(found.about).toEqual({ namespace: 'apps', kind: 'ReplicaSet', name: 'web-7d4' });
    expect(found.findings[0]).toMatchObject({ fix: undefined, url: 'https://a' });
  });

  it('of nothing found is read', () => {
    const none = { ...report, summary: undefined, vulnerabilities: null };
    expect(readVulnerabilityReport(object('starboard', { report: none })).findings).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['no vulnerabilities', { vulnerabilities: undefined }, 'report.vulnerabilities'],
    ['another severity', { vulnerabilities: [{ ...vulnerability, severity: 'BAD' }] }, 'severity'],
    ['a time that is none', { updateTimestamp: 'yesterday' }, 'report.updateTimestamp'],
    ['no artifact', { artifact: undefined }, 'report.artifact'],
    ['an id that is empty', { vulnerabilities: [{ ...vulnerability, vulnerabilityID: '' }] }, 'ID'],
    [
      'less than its summary',
      { summary: { criticalCount: 1, highCount: 4 } },
      'says that it has 5',
    ],
  ])('with %s is refused', (_, changed, said) => {
    const read = () =>
      readVulnerabilityReport(object('trivy-operator', { report: { ...report, ...changed } }));
    expect(read).toThrow(said);
    expect(read).toThrow('apps/replicaset-web-7d4-app');
  });

  it.each([undefined, null, 'text', [], {}])('that is %j is refused', (given) => {
    expect(() => readVulnerabilityReport(given)).toThrow('is of a shape that is not known');
  });
});

describe('a name that no label can hold', () => {
  const report = { artifact: {}, vulnerabilities: [] };
  const labels = { 'trivy-operator.resource.name-hash': '5f' };
  const metadata = { name: 'clusterrole-5f', creationTimestamp: made, labels };
  it.each([
    [{ annotations: { 'trivy-operator.resource.name': 'a:b' } }, 'a:b'],
    [{ ownerReferences: [{ kind: 'Role', name: 'c:d', uid: '1' }] }, 'c:d'],
    [{}, undefined],
  ])('is found: %j', (more, name) => {
    const labelled = { ...labels, 'trivy-operator.resource.kind': 'Role' };
    const { about, namespace } = readVulnerabilityReport({
      metadata: { ...metadata, labels: labelled, ...more },
      report,
    });
    expect([about?.name, namespace]).toEqual([name, undefined]);
  });
});

describe('an ExposedSecretReport', () => {
  const secret = {
    target: '/app/.env',
    ruleID: 'aws-access-key-id',
    title: 'AWS Access Key ID',
    category: 'AWS',
    severity: 'CRITICAL',
    match: 'AKIAIOSFODNN7EXAMPLE',
  };
  const read = (secrets: unknown, summary = { criticalCount: 1 }) =>
    readExposedSecretReport(
      object('trivy-operator', {
        report: { updateTimestamp: made, scanner, artifact, summary, secrets },
      }),
    );

  it('is read without the secret', () => {
    const found = read([secret]);
    expect(found.findings).toMatchObject([
      { kind: 'secret', id: 'aws-access-key-id', subject: { path: '/app/.env' } },
    ]);
    expect(JSON.stringify(found)).not.toContain(secret.match);
  });

  it.each([
    [[{ ...secret, severity: secret.match }]],
    [[{ ...secret, ruleID: '' }]],
    [secret.match],
    [[secret.match]],
    [[]],
  ])('is refused without the secret: %#', (secrets) => {
    const read1 = () => read(secrets);
    expect(read1).toThrow(/of a shape that is not known|is not whole/);
    try {
      read1();
    } catch (error) {
      expect(String(error)).not.toContain(secret.match);
    }
  });
});

describe('a ConfigAuditReport', () => {
  const check = { checkID: 'KSV001', severity: 'MEDIUM', success: false, title: 'No limits' };
  it.each<[string, object, string[]]>([
    [
      'of the Trivy operator',
      {
        checks: [
          { ...check, messages: ['Container app'], remediation: 'Set them' },
          { ...check, success: true },
        ],
      },
      ['KSV001 MEDIUM No limits: Container app '],
    ],
    [
      'of Starboard',
      {
        checks: [
          { checkID: 'a', severity: 'danger', success: false, message: 'M', category: 'C' },
          { checkID: 'b', severity: 'warning', success: false, message: 'N', category: 'C' },
        ],
        podChecks: null,
        containerChecks: null,
      },
      ['a HIGH M ', 'b MEDIUM N '],
    ],
    [
      'of Starboard below 0.12',
      {
        podChecks: [{ checkID: 'a', severity: 'danger', success: false, message: 'M' }],
        containerChecks: {
          app: [{ checkID: 'b', severity: 'warning', success: false, message: 'N' }],
        },
      },
      ['a HIGH M ', 'b MEDIUM N app'],
    ],
  ])('%s is read', (_, report, expected) => {
    const { findings } = readConfigAuditReport(object('starboard', { report }));
    expect(
      findings.map(({ id, severity, title, subject }) =>
        [id, severity, title, subject.path ?? ''].join(' '),
      ),
    ).toEqual(expected);
  });

  it.each([
    [{}],
    [{ checks: [{ ...check, success: 'no' }] }],
    [{ checks: [{ ...check, severity: 'awful' }] }],
  ])('%j is refused', (report) => {
    expect(() => readConfigAuditReport(object('trivy-operator', { report }))).toThrow(
      'is of a shape that is not known',
    );
  });
});

describe('a ClusterComplianceReport', () => {
  const metadata = { name: 'k8s-cis', creationTimestamp: made };
  const controls = [
    { id: '1.1', name: 'Files', severity: 'HIGH', checks: [{ id: 'KCV1' }] },
    { id: '5.1', name: 'Ask people', severity: 'LOW' },
    { id: '5.2', name: 'Ask more people', severity: 'LOW', checks: null },
  ];
  const spec = { compliance: { id: 'k8s-cis', controls } };
  const failing = {
    checkID: 'KCV1',
    success: false,
    severity: 'HIGH',
    title: 'Wrong mode',
    target: 'node-1',
    remediation: 'chmod',
  };

  it.each<[string, object, object, string[]]>([
    [
      'all of it',
      spec,
      {
        detailReport: {
          results: [
            { id: '1.1', name: 'Files', severity: 'HIGH', checks: [failing] },
            {
              id: '5.1',
              name: 'Ask people',
              checks: [{ checkID: '', severity: '', success: true }],
            },
            { id: '5.2', name: 'Ask more people', checks: null },
          ],
        },
      },
      ['KCV1 HIGH 1.1 Files: Wrong mode'],
    ],
    [
      'a summary',
      spec,
      {
        summaryReport: {
          controlCheck: [
            { id: '1.1', name: 'Files', severity: 'HIGH', totalFail: 2 },
            { id: '1.2', name: 'More', severity: 'HIGH', totalFail: 0 },
            { id: '5.1', name: 'Ask people', severity: 'LOW' },
          ],
        },
      },
      ['1.1 HIGH Files: 2 checks fail'],
    ],
    [
      "Starboard's",
      { kind: 'compliance', name: 'nsa', controls: [] },
      {
        control_check: [
          { id: '1.0', name: 'Non-root', severity: 'MEDIUM', passTotal: 1, failTotal: 3 },
          { id: '1.1', name: 'Immutable', severity: 'LOW', passTotal: 1, failTotal: 0 },
        ],
      },
      ['1.0 MEDIUM Non-root: 3 checks fail'],
    ],
  ])('%s is read', (_, given, status, expected) => {
    const read = readComplianceReport({
      metadata,
      spec: given,
      status: { updateTimestamp: made, ...status },
    });
    expect(read.findings.map(({ id, severity, title }) => `${id} ${severity} ${title}`)).toEqual(
      expected,
    );
    expect(read.manual).toEqual(given === spec ? ['5.1 Ask people', '5.2 Ask more people'] : []);
  });

  it.each([
    ['was never filled', undefined],
    ['has an empty status', {}],
    ['has no report', { updateTimestamp: made, summary: {} }],
  ])('that %s is refused', (_, status) => {
    expect(() => readComplianceReport({ metadata, spec, status })).toThrow('k8s-cis');
  });
});
