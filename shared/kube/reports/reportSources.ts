import type { ClusterReport, ReportKind, ReportSource } from './ClusterReport.ts';
import { readComplianceReport } from './readComplianceReport.ts';
import { readConfigAuditReport } from './readConfigAuditReport.ts';
import { readExposedSecretReport } from './readExposedSecretReport.ts';
import { readVulnerabilityReport } from './readVulnerabilityReport.ts';

/**
 * Where the reports of each kind are. Only the first of a kind has to be there: Starboard, and early
 * versions of the Trivy operator, have none of some that belong to the whole cluster.
 */
export const reportSources: Readonly<Record<ReportKind, readonly ReportSource[]>> = {
  vulnerability: [
    source('vulnerabilityreports', 'namespace', readVulnerabilityReport),
    source('clustervulnerabilityreports', 'cluster', readVulnerabilityReport),
  ],
  misconfiguration: [
    source('configauditreports', 'namespace', readConfigAuditReport),
    source('clusterconfigauditreports', 'cluster', readConfigAuditReport),
  ],
  secret: [source('exposedsecretreports', 'namespace', readExposedSecretReport)],
  compliance: [source('clustercompliancereports', 'cluster', readComplianceReport)],
};

function source(
  plural: string,
  scope: ReportSource['scope'],
  read: (object: unknown) => ClusterReport,
): ReportSource {
  return {
    group: 'aquasecurity.github.io',
    version: 'v1alpha1',
    plural,
    from: 'the Trivy operator',
    scope,
    read,
  };
}
