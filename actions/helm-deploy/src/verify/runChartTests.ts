import type { Runner } from '../../../../shared/action/Runner.ts';
import { type ReleaseRecord, readRelease } from '../../../../shared/helm/readRelease.ts';
import type { RevisionRef } from '../../../../shared/helm/storedRelease.ts';
import { followTests } from '../../../../shared/kube/followTests.ts';
import type { KubeApi } from '../../../../shared/kube/KubeApi.ts';
import { parseManifest } from '../../../../shared/kube/preflight/parseManifest.ts';
import { servedKinds } from '../../../../shared/kube/servedKinds.ts';
import type { Seen } from '../../../../shared/verify/Check.ts';
import { explainTests } from '../modes/test/explainTests.ts';
import { testsOf } from '../modes/test/testsOf.ts';
import type { Cluster } from '../openCluster.ts';

/** Of the 2.5 s that a step has after SIGTERM. */
const removalMs = 1500;

/**
 * Runs the tests of the chart, and removes what they made: Helm itself leaves the pods of tests until they
 * run again.
 */
export async function runChartTests(
  ref: RevisionRef,
  { api, helm }: Cluster,
  runner: Runner,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Seen> {
  const { release, namespace } = ref;
  const record = await readRelease(api, ref);
  const tests = testsOf(record);
  if (tests.length === 0) {
    return {
      problem: {
        kind: 'unjudged',
        what: `helm-tests: the chart of ${release} has no tests`,
        remedy:
          'Give it a pod or job with the annotation `helm.sh/hook: test`, or take `helm-tests` out.',
      },
    };
  }
  const followed = await followTests(api, namespace, tests, { log: runner.log, signal });
  try {
    const until = AbortSignal.any([signal, followed.hopeless]);
    const outcome = await helm.test(release, namespace, timeoutMs, until);
    const passed = outcome.exitCode === 0;
    const pods = await followed.end(passed);
    if (passed) return { note: `${tests.length} passed` };
    const { what, why, remedy = '', details } = explainTests(pods, outcome);
    const problem = { what: what.replace(/\.$/, ''), why, remedy, details };
    return { problem: { kind: 'violation', ...problem } };
  } finally {
    await removeTests(api, namespace, record);
  }
}

async function removeTests(api: KubeApi, namespace: string, record: ReleaseRecord): Promise<void> {
  const names = new Set(testsOf(record));
  const objects = record.hooks
    .filter(({ kind, name }) => names.has(`${kind}/${name}`))
    .flatMap(({ manifest }) => parseManifest(manifest));
  const versions = objects.map(({ apiVersion }) => apiVersion);
  const served = await servedKinds(api, versions).catch(() => undefined);
  await Promise.all(
    objects.map(async ({ apiVersion, kind, metadata }) => {
      const found = served?.get(apiVersion)?.get(kind);
      if (found === undefined) return;
      const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const within = found.namespaced ? `/namespaces/${metadata.namespace ?? namespace}` : '';
      const name = encodeURIComponent(metadata.name ?? '');
      const path = `${root}${within}/${found.plural}/${name}?propagationPolicy=Background`;
      // The chart may have told Helm to remove it.
      await api.remove(path, { deadlineMs: removalMs }).catch(() => {});
    }),
  );
}
