import { verdictReport } from '../../shared/report/verdictReport.ts';
import type { Finding } from '../../shared/verdict/Finding.ts';
import type { Inspection } from '../../shared/verdict/Inspection.ts';
import { judge } from '../../shared/verdict/judge.ts';
import { severities } from '../../shared/verdict/Severity.ts';

export interface Judged {
  readonly findings: number;
  readonly seconds: number;
  /** By how much this process grew. */
  readonly memory: number;
}

/** How long it takes to judge and report many findings. */
export function measureJudge(findings = 100_000): Judged {
  const before = process.memoryUsage.rss();
  const whole: Inspection = {
    subject: 'acme.azurecr.io/web@sha256:00',
    findings: Array.from({ length: findings }, (_, at) => finding(at)),
    gaps: [],
    notices: [],
    facts: [],
  };
  const started = performance.now();
  const judgement = judge(whole, { severities: new Set(['CRITICAL']), ignoreUnfixed: false });
  verdictReport(whole, judgement, { title: 'Trivy gate', remarks: [], bytes: 1_000_000 });
  const seconds = (performance.now() - started) / 1000;
  return { findings, seconds, memory: process.memoryUsage.rss() - before };
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
