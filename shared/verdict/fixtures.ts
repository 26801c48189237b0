import type { Finding, Subject } from './Finding.ts';
import type { Inspection } from './Inspection.ts';
import type { Policy } from './Policy.ts';
import type { Waiver } from './Waiver.ts';

export type FindingChange = Omit<Partial<Finding>, 'subject'> & {
  readonly subject?: Partial<Subject>;
};

/** A finding for tests: a vulnerability of a package of Node.js that has a fix. */
export function exampleFinding({ subject, ...change }: FindingChange = {}): Finding {
  return {
    kind: 'vulnerability',
    id: 'CVE-2021-44906',
    severity: 'CRITICAL',
    title: 'Prototype pollution',
    fix: '1.2.6',
    url: undefined,
    ...change,
    subject: {
      name: 'minimist',
      version: '1.2.5',
      purl: 'pkg:npm/minimist@1.2.5',
      path: 'app/node_modules/minimist/package.json',
      ...subject,
    },
  };
}

export function exampleInspection(change: Partial<Inspection> = {}): Inspection {
  return {
    subject: `acme.azurecr.io/team/web@sha256:${'a'.repeat(64)}`,
    findings: [],
    gaps: [],
    notices: [],
    facts: [],
    ...change,
  };
}

export function examplePolicy(change: Partial<Policy> = {}): Policy {
  return { severities: new Set(['CRITICAL']), ignoreUnfixed: false, ...change };
}

export function exampleWaiver(change: Partial<Waiver> = {}): Waiver {
  return {
    id: 'CVE-2021-44906',
    owner: 'team-data',
    reason: 'not reached',
    expires: new Date('2027-01-01T00:00:00Z'),
    source: 'waivers.yaml:1',
    ...change,
  };
}
