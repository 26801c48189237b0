import type { Finding } from './Finding.ts';
import type { Severity } from './Severity.ts';

/** Which findings make a violation. */
export interface Policy {
  readonly severities: ReadonlySet<Severity>;
  /** Whether only those count for which there is a fix. */
  readonly ignoreUnfixed: boolean;
}

/** Whether a finding counts against the subject. */
export function counts(finding: Finding, policy: Policy): boolean {
  return (
    policy.severities.has(finding.severity) && !(policy.ignoreUnfixed && finding.fix === undefined)
  );
}
