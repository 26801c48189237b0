import { junit } from '../../shared/report/junit.ts';
import { sarif } from '../../shared/report/sarif/sarif.ts';
import { verdictReport } from '../../shared/report/verdictReport.ts';
import type { Finding } from '../../shared/verdict/Finding.ts';
import type { Inspection } from '../../shared/verdict/Inspection.ts';
import { judge } from '../../shared/verdict/judge.ts';
import { severities } from '../../shared/verdict/Severity.ts';
import type { Waiver } from '../../shared/verdict/Waiver.ts';

export interface Judged {
  readonly findings: number;
  readonly seconds: number;
  /** Of the processor, which other work on the machine does not change so much. */
  readonly busySeconds: number;
  /** By how much this process grew. */
  readonly memory: number;
}

/** How long it takes to judge many findings by 1,000 waivers, and to write all reports: summary, SARIF, JUnit. */
export function measureJudge(findings = 100_000): Judged {
  const before = process.memoryUsage.rss();
  const whole: Inspection = {
    subject: 'acme.azurecr.io/web@sha256:00',
    findings: Array.from({ length: findings }, (_, at) => finding(at)),
    gaps: [],
    notices: [],
    facts: [],
  };
  const waivers = Array.from({ length: 1000 }, (_, at) => waiver(at));
  const started = performance.now();
  const busy = process.cpuUsage();
  const judgement = judge(
    whole,
    { severities: new Set(['CRITICAL']), ignoreUnfixed: false },
    { now: new Date(), waivers },
  );
  verdictReport(whole, judgement, { title: 'Trivy gate', remarks: [], bytes: 1_000_000 });
  const tool = { tool: 'Trivy gate', category: 'web', waived: 'marked' } as const;
  const written = [sarif(whole, judgement, tool).text, junit(whole, judgement, 'Trivy gate')];
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(busy);
  // Read after the memory was, so that the reports are in it.
  const memory = process.memoryUsage.rss() - before;
  if (written.includes('')) throw new Error('A report is empty.');
  return { findings, seconds, busySeconds: (user + system) / 1e6, memory };
}

function waiver(at: number): Waiver {
  return {
    id: `CVE-package-${at * 20}`,
    ...(at % 2 === 0 ? { purl: `pkg:npm/package-${at}` } : { path: 'app/*/package.json' }),
    ...{ owner: 'team', reason: 'known', expires: new Date('2100-01-01'), source: `w.yaml:${at}` },
  };
}

function finding(at: number): Finding {
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
}
