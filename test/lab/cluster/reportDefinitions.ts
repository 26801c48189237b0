import { setTimeout as sleep } from 'node:timers/promises';
import { type KubeApi, KubeProblem } from '../../../shared/kube/KubeApi.ts';

const group = 'aquasecurity.github.io';
const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** The kinds of the Trivy operator, any content; their status is apart where the operator's is. */
const kinds = [
  { kind: 'VulnerabilityReport', scope: 'Namespaced' },
  { kind: 'ConfigAuditReport', scope: 'Namespaced' },
  { kind: 'ExposedSecretReport', scope: 'Namespaced' },
  { kind: 'ClusterComplianceReport', scope: 'Cluster', subresources: { status: {} } },
];

/**
 * Makes the cluster know the reports of the Trivy operator. Tests share it and leave it there: each
 * keeps its reports in a namespace of its own.
 */
export async function installReportDefinitions(api: KubeApi): Promise<void> {
  await Promise.all(kinds.map((kind) => install(api, kind)));
}

async function install(api: KubeApi, { kind, scope, subresources }: (typeof kinds)[number]) {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  await api
    .create(path, {
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope,
        names: { kind, listKind: `${kind}List`, singular, plural },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: anything },
            ...(subresources && { subresources }),
          },
        ],
      },
    })
    .catch((error: unknown) => {
      // Another test was faster.
      if (!(error instanceof KubeProblem) || error.code !== 409) throw error;
    });
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const served = await api.get(`/apis/${group}/v1alpha1/${plural}?limit=1`).then(
      () => true,
      () => false,
    );
    if (served) return;
    await sleep(200);
  }
  throw new Error(`The API server does not serve ${plural}.`);
}
