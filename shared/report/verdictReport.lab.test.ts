import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import type { Finding } from '../verdict/Finding.ts';
import type { Inspection } from '../verdict/Inspection.ts';
import { judge } from '../verdict/judge.ts';
import type { Policy } from '../verdict/Policy.ts';
import { severities } from '../verdict/Severity.ts';
import { verdictReport } from './verdictReport.ts';

const policy: Policy = { severities: new Set(['CRITICAL']), ignoreUnfixed: false };

it('100,000 findings are judged and reported in time', () => {
  const findings = Array.from({ length: 100_000 }, (_, at): Finding => {
    const name = `package-${(at * 7919) % 100_003}`;
    return {
      kind: 'vulnerability',
      id: `CVE-${name}`,
      severity: severities[(at * 7) % 5] ?? 'LOW',
      title: `what ${name} has`,
      subject: { name, version: '1.0', purl: undefined, path: undefined },
      fix: at % 3 ? '2' : undefined,
      url: `https://a.example/${name}`,
    };
  });
  const subject = 'acme.azurecr.io/web@sha256:00';
  const whole: Inspection = { subject, findings, gaps: [], notices: [], facts: [] };
  // The time of the processor: what else the machine does is not measured.
  const before = process.cpuUsage();
  const options = { title: 'Trivy gate', remarks: [], bytes: 1_000_000 };
  const { text } = verdictReport(whole, judge(whole, policy), options);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(1500);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
});
