import type { Finding } from '../../verdict/Finding.ts';
import type { Gap } from '../../verdict/Inspection.ts';
import type { ClusterReport } from './ClusterReport.ts';

/** What the reports of one kind say of what runs. */
export interface Part {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly notices: readonly string[];
  /** Those that are about what runs. */
  readonly used: readonly ClusterReport[];
}

/** Which of the reports are older than is allowed, by name. */
export function tooOld(reports: readonly ClusterReport[], notBefore: Date | undefined): string[] {
  return reports
    .filter(({ updatedAt }) => notBefore !== undefined && updatedAt < notBefore)
    .map(({ name }) => name);
}
