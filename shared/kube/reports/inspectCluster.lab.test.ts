import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { addresses } from '../../../test/lab/addresses.ts';
import { adminKubeconfig, guestKubeconfig } from '../../../test/lab/cluster/kubeconfig.ts';
import { installReportDefinitions } from '../../../test/lab/cluster/reportDefinitions.ts';
import { labContext } from '../../../test/lab/lab.ts';
import { httpClient } from '../../http/request.ts';
import { silent } from '../../log/Log.ts';
import { otherDigests } from '../../oci/otherDigests.ts';
import type { PinnedReference } from '../../oci/Reference.ts';
import { RegistryClient } from '../../oci/RegistryClient.ts';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import { openCluster } from '../openCluster.ts';
import type { ReportKind } from './ClusterReport.ts';
import { type ClusterEffects, inspectCluster } from './inspectCluster.ts';
import { listAll } from './listAll.ts';
import { notListed } from './notListed.ts';
import { runningImages } from './runningImages.ts';

const lab = labContext(silent);
const options = { env: {}, log: silent, mask() {} };
const open = async (path: string) =>
  (await openCluster({ kubeconfig: { paths: [path] } }, options)).api;
const api = await open(adminKubeconfig(lab));
const group = '/apis/aquasecurity.github.io/v1alpha1';
const busybox = `${addresses.registry}/library/busybox:1.36`;
const registry = new RegistryClient({
  http: httpClient({ env: {}, log: silent }),
  credentialFor: async () => undefined,
});

beforeAll(() => installReportDefinitions(api));

const namespaces: string[] = [];
afterAll(async () => {
  for (const name of namespaces) await api.remove(`/api/v1/namespaces/${name}`);
});

async function namespace(): Promise<string> {
  const name = `reports-${randomBytes(4).toString('hex')}`;
  await api.create('/api/v1/namespaces', { metadata: { name } });
  namespaces.push(name);
  return name;
}

/** A Deployment of one pod that sleeps; without a scheduler it only waits, and tells what it is told to. */
async function deploy(ns: string, name: string, spec: object = { schedulerName: 'nobody' }) {
  const labels = { app: name };
  await api.create(`/apis/apps/v1/namespaces/${ns}/deployments`, {
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'app', image: busybox, command: ['sleep', '600'] }],
          ...spec,
        },
      },
    },
  });
}

async function podOf(ns: string, name: string, ready = (_: V1Pod) => true): Promise<V1Pod> {
  const deadline = Date.now() + 50_000;
  while (Date.now() < deadline) {
    const path = `/api/v1/namespaces/${ns}/pods?labelSelector=app%3D${name}`;
    const [pod] = (await api.get<{ items: V1Pod[] }>(path)).items;
    if (pod !== undefined && ready(pod)) return pod;
    await sleep(200);
  }
  throw new Error(`There is no such pod of ${name}.`);
}

/** A Deployment whose pod runs an image of that digest, as its runtime would say. */
async function deployed(ns: string, name: string, digest: string): Promise<V1Pod> {
  await deploy(ns, name);
  const pod = await podOf(ns, name);
  const started = { running: { startedAt: new Date() } };
  await api.replace(`/api/v1/namespaces/${ns}/pods/${pod.metadata?.name}/status`, {
    ...pod,
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'app',
          image: `acme.io/${name}:1`,
          imageID: `acme.io/${name}@${digest}`,
          ready: true,
          restartCount: 0,
          started: true,
          state: started,
        },
      ],
    },
  });
  return pod;
}

/** A report as the operator would write it of a pod's ReplicaSet. */
function reportOf(kind: string, pod: V1Pod, body: object, suffix = ''): object {
  const [owner] = pod.metadata?.ownerReferences ?? [];
  return {
    apiVersion: 'aquasecurity.github.io/v1alpha1',
    kind,
    metadata: {
      name: `replicaset-${owner?.name}-app${suffix}`,
      labels: {
        'trivy-operator.resource.kind': 'ReplicaSet',
        'trivy-operator.resource.name': owner?.name,
        'trivy-operator.resource.namespace': pod.metadata?.namespace,
        'trivy-operator.container.name': 'app',
      },
      ownerReferences: [owner],
    },
    report: {
      updateTimestamp: new Date().toISOString(),
      scanner: { name: 'Trivy', vendor: 'Aqua Security', version: '0.74.0' },
      ...body,
    },
  };
}

async function write(pod: V1Pod, kind: string, body: object, suffix?: string): Promise<void> {
  const plural = `${kind.toLowerCase()}s`;
  const path = `${group}/namespaces/${pod.metadata?.namespace}/${plural}`;
  await api.create(path, reportOf(kind, pod, body, suffix));
}

const vulnerabilities = (digest: string | undefined, ...ids: string[]) => ({
  artifact: { repository: 'web', tag: '1', digest },
  vulnerabilities: ids.map((vulnerabilityID) => ({
    vulnerabilityID,
    resource: 'openssl',
    installedVersion: '1',
    fixedVersion: '2',
    severity: 'CRITICAL',
    title: '',
  })),
});

function inspect(
  ns: string,
  kinds: readonly ReportKind[] = ['vulnerability'],
  effects: ClusterEffects = {},
  asked: Pick<KubeApi, 'get' | 'server'> = api,
) {
  const query = { namespaces: [ns], kinds: new Set(kinds), maxAgeMs: 3_600_000 };
  return inspectCluster(asked, query, effects);
}

const a = `sha256:${'a'.repeat(64)}`;
const b = `sha256:${'b'.repeat(64)}`;

describe('reports in a real cluster', () => {
  it('cover what runs, or the workload is named', async () => {
    const ns = await namespace();
    const web = await deployed(ns, 'web', a);
    await write(web, 'VulnerabilityReport', vulnerabilities(a, 'CVE-1'));
    const covered = await inspect(ns);
    expect(covered.gaps).toEqual([]);
    expect(covered.findings.map(({ id, subject }) => [id, subject.path, subject.image])).toEqual([
      ['CVE-1', `${ns}/Deployment/web/app`, `acme.io/web@${a}`],
    ]);

    const job = await deployed(ns, 'job', b);
    expect((await inspect(ns)).gaps.map(({ what }) => what)).toEqual([
      `No vulnerability report is about what runs in ${ns}/Deployment/job (app).`,
    ]);
    await write(job, 'VulnerabilityReport', vulnerabilities(undefined));
    expect((await inspect(ns)).gaps[0]?.what).toContain('does not say which image it has seen');
    expect((await runningImages(api, [ns])).map(({ digest }) => digest).toSorted()).toEqual([a, b]);
  });

  it('of each kind are read, and no secret leaves them', async () => {
    const ns = await namespace();
    const web = await deployed(ns, 'web', a);
    await write(web, 'ExposedSecretReport', {
      artifact: { digest: a },
      secrets: [
        {
          target: '/.env',
          ruleID: 'key',
          title: 'A key',
          severity: 'CRITICAL',
          category: 'c',
          match: 'hunter2',
        },
      ],
    });
    await write(web, 'ConfigAuditReport', {
      checks: [{ checkID: 'KSV001', severity: 'HIGH', success: false, title: 'T' }],
    });
    const seen = await inspect(ns, ['secret', 'misconfiguration']);
    expect(seen.gaps).toEqual([]);
    expect(seen.findings.map(({ kind, subject }) => [kind, subject.path])).toEqual([
      ['secret', `${ns}/Deployment/web/app/.env`],
      ['misconfiguration', `${ns}/Deployment/web`],
    ]);
    expect(JSON.stringify(seen)).not.toContain('hunter2');
  });

  it('of a standard are those of the cluster', async () => {
    const name = `cis-${randomBytes(4).toString('hex')}`;
    const path = `${group}/clustercompliancereports`;
    await api.create(path, {
      apiVersion: 'aquasecurity.github.io/v1alpha1',
      kind: 'ClusterComplianceReport',
      metadata: { name },
      spec: { compliance: { controls: [{ id: '5.1', name: 'Ask' }] } },
    });
    try {
      const ns = await namespace();
      const unfilled = await inspect(ns, ['compliance']);
      expect(unfilled.gaps.map(({ what }) => what)).toContain(
        `The report ClusterComplianceReport ${name} is of a shape that is not known.`,
      );
      const object = await api.get<object>(`${path}/${name}`);
      await api.replace(`${path}/${name}/status`, {
        ...object,
        status: {
          updateTimestamp: new Date().toISOString(),
          summaryReport: { controlCheck: [{ id: '1', name: 'N', severity: 'LOW', totalFail: 1 }] },
        },
      });
      const { findings, notices } = await inspect(ns, ['compliance']);
      expect(findings.map(({ subject }) => subject.path)).toContain(name);
      expect(notices).toContain(`1 control of ${name} only people can check: 5.1 Ask.`);
    } finally {
      await api.remove(`${path}/${name}`);
    }
  });

  it('are read in pages', async () => {
    const ns = await namespace();
    const web = await deployed(ns, 'web', a);
    const ids = Array.from({ length: 230 }, (_, index) => index);
    for (let at = 0; at < ids.length; at += 23) {
      await Promise.all(
        ids
          .slice(at, at + 23)
          .map((id) => write(web, 'VulnerabilityReport', vulnerabilities(b), `-${id}`)),
      );
    }
    await write(web, 'VulnerabilityReport', vulnerabilities(a, 'CVE-1'));
    const asked: string[] = [];
    const counting = {
      server: api.server,
      get<T>(path: string): Promise<T> {
        asked.push(path);
        return api.get<T>(path);
      },
    };
    const { gaps, findings } = await inspect(ns, ['vulnerability'], {}, counting);
    expect([gaps, findings.length]).toEqual([[], 1]);
    expect(asked.filter((path) => path.includes('vulnerabilityreports'))).toHaveLength(3);
  });

  it('that may not be read name the right that is missing', async () => {
    const guest = await open(guestKubeconfig(lab));
    const { gaps, findings } = await inspect('default', ['vulnerability'], {}, guest);
    expect(findings).toEqual([]);
    expect(gaps.map(({ what }) => what)).toEqual([
      "The kubeconfig's user may not list pods in the namespace default.",
      "The kubeconfig's user may not list vulnerabilityreports.aquasecurity.github.io in the namespace default.",
    ]);
  });

  it('whose kind the server does not know are told so', async () => {
    const unknown = { group: 'none.example', version: 'v1', plural: 'things', from: 'x' };
    const error = await listAll(api, '/apis/none.example/v1/things', String).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(KubeProblem);
    expect(notListed(error, unknown, undefined).what).toContain('is not installed');
  });

  it('know an image that really runs by the digest of its configuration, through its registry', async () => {
    const ns = await namespace();
    await deploy(ns, 'real', {});
    const pod = await podOf(ns, 'real', ({ status }) => status?.phase === 'Running');
    const [image] = await runningImages(api, [ns]);
    expect(image?.reference).toMatchObject({ repository: 'library/busybox' });
    const known = (reference: PinnedReference) =>
      otherDigests({ ...reference, registry: addresses.registry }, registry);
    const configuration = (await known(image?.reference as PinnedReference)).at(-1);
    await write(pod, 'VulnerabilityReport', vulnerabilities(configuration, 'CVE-1'));
    expect((await inspect(ns)).gaps).toHaveLength(1);
    const seen = await inspect(ns, ['vulnerability'], { otherDigests: known });
    expect([seen.gaps, seen.findings.length]).toEqual([[], 1]);
  });

  it('of an empty namespace are no pass', async () => {
    expect((await inspect(await namespace())).gaps[0]?.what).toContain('Nothing runs there');
  });
});
