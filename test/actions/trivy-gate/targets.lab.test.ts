import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { httpClient } from '../../../shared/http/request.ts';
import { httpStream } from '../../../shared/http/stream.ts';
import { openCluster } from '../../../shared/kube/openCluster.ts';
import { silent } from '../../../shared/log/Log.ts';
import { parseDigest, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../lab/addresses.ts';
import { authority } from '../../lab/authority.ts';
import { adminKubeconfig } from '../../lab/cluster/kubeconfig.ts';
import { installReportDefinitions } from '../../lab/cluster/reportDefinitions.ts';
import { command } from '../../lab/command.ts';
import { labContext } from '../../lab/lab.ts';
import { acrRefreshToken } from '../../lab/registry/acr/acr.ts';
import { tokenUser } from '../../lab/registry/acr/tokenEndpoints.ts';
import { pushImage } from '../../lab/registry/pushImage.ts';
import { writePulled } from '../../lab/registry/writePulled.ts';
import { type LoginLab, loginLab, tenant } from '../build-push-image/loginLab.ts';
import { pushToAcr } from './acrImage.ts';
import { type GateWorkspace, gateIn, type Inputs } from './gateIn.ts';
import { contents, npm, ownRepository, push } from './images.ts';
import { bom, lockFile, pod, storage } from './sources.ts';

const lab = labContext(silent);
const client = new RegistryClient({
  http: httpClient({ env: {}, log: silent }),
  stream: httpStream({ env: {} }),
  credentialFor: async () => undefined,
});

function pinned(text: string) {
  const reference = parseReference(text);
  return pin(reference, parseDigest(reference.digest ?? ''));
}

const content = (bad: boolean) => (bad ? contents.critical : contents.clean);
const version = (bad: boolean) => (bad ? '0.0.8' : '1.2.6');

/** An image as files of the workspace: `web`, `web.tar` and `web.docker.tar`. */
async function pulled({ folder }: GateWorkspace, bad: boolean): Promise<string> {
  const layout = await writePulled(pinned(await push(content(bad))), client, folder);
  return layout.slice(folder.length + 1);
}

/** Makes what is judged, once as it should be and once not. */
type Make = (workspace: GateWorkspace, bad: boolean) => Promise<Inputs> | Inputs;

const targets: Record<string, Make> = {
  'an image by its digest': async (_, bad) => ({ image: await push(content(bad)) }),
  'an image by its tag': async (_, bad) => {
    const repository = ownRepository();
    await pushImage({ repository, tag: 'v1', files: content(bad) });
    return { 'image-ref': `${addresses.registry}/${repository}:v1` };
  },
  'an archive of OCI': async (workspace, bad) => ({ input: `${await pulled(workspace, bad)}.tar` }),
  'an archive of docker save': async (workspace, bad) => ({
    input: `${await pulled(workspace, bad)}.docker.tar`,
  }),
  'a layout in a folder': async (workspace, bad) => ({ input: await pulled(workspace, bad) }),
  'a folder': ({ write }, bad) => {
    write('app/package-lock.json', lockFile(version(bad)));
    return { 'scan-type': 'fs', 'scan-ref': 'app' };
  },
  'the workspace, as a repository': async ({ folder, write }, bad) => {
    write('package-lock.json', lockFile(version(bad)));
    await command('git', ['init', '-q', folder]);
    return { 'scan-type': 'repo' };
  },
  Terraform: ({ write }, bad) => {
    write('infra/main.tf', storage(bad ? 'Allow' : 'Deny'));
    return { 'scan-type': 'config', 'scan-ref': 'infra' };
  },
  'objects of Kubernetes': ({ write }, bad) => {
    write('deploy/pod.json', pod(bad));
    return { 'scan-type': 'config', 'scan-ref': 'deploy', severity: 'CRITICAL,HIGH' };
  },
  'an SBOM': ({ write }, bad) => {
    write('bom.json', bom(version(bad)));
    return { 'scan-type': 'sbom', 'scan-ref': 'bom.json' };
  },
  'a report of another scan': async (workspace, bad) => {
    const step = await workspace.gate({ image: await push(content(bad)) });
    workspace.write('elsewhere.json', readFileSync(step.outputs.report ?? ''));
    return { 'scan-type': 'report', 'scan-ref': 'elsewhere.json', 'max-report-age': '1h' };
  },
};

describe('one gate for all that Trivy looks at:', () => {
  it.each(Object.entries(targets))(
    '%s',
    async (_, make) => {
      for (const bad of [false, true]) {
        using workspace = gateIn();
        const step = await workspace.gate(await make(workspace, bad));
        // With the reason, which says what was seen where it is another one.
        const { verdict, 'exit-reason': reason } = step.outputs;
        expect({ verdict, reason }).toEqual({
          verdict: bad ? 'violation' : 'pass',
          reason: expect.stringMatching(bad ? /^1 / : /^No /),
        });
        expect(step.exitCode).toBe(bad ? 1 : 0);
        expect(step.outputs.report).toContain(workspace.temp);
      }
    },
    30_000,
  );
});

describe('a registry that wants a login', () => {
  const client22 = '22222222-2222-4222-8222-222222222222';
  let ca: string;
  let job: LoginLab;
  let password: string;
  beforeAll(async () => {
    ca = (await authority(lab)).cert;
    job = await loginLab((trust) => [
      { clientId: client22, objectId: 'gate', federatedCredentials: [trust] },
    ]);
    password = await acrRefreshToken(lab, { oid: 'object', appid: 'application' });
  });
  afterAll(async () => job[Symbol.asyncDispose]());

  it.each<[string, () => Inputs]>([
    ['by name and password', () => ({ username: tokenUser, password })],
    [
      'by the job’s own OIDC token',
      () => ({ 'azure-client-id': client22, 'azure-tenant-id': tenant }),
    ],
  ])(
    '%s: we and Trivy are let in, and nothing of it is left',
    async (_, login) => {
      const image = await pushToAcr({
        ...npm('minimist', '0.0.8'),
        'etc/machine-id': randomUUID(),
      });
      await using acr = await job.acr();
      using workspace = gateIn();
      const registry = 'username' in login() ? addresses.acr : acr.host;
      const env = {
        ...job.oidc.env,
        AZURE_AUTHORITY_HOST: job.entra.url,
        NODE_EXTRA_CA_CERTS: ca,
        DOCKER_CONFIG: workspace.temp,
      };
      const step = await workspace.gate({ image: `${registry}/${image}`, ...login() }, { env });
      expect(step.annotations).toMatchObject([
        { message: expect.stringContaining('minimist 0.0.8') },
      ]);
      expect(step.outputs.verdict).toBe('violation');
      const told = [
        step.log.replaceAll(/::add-mask::.*/g, ''),
        step.summary,
        JSON.stringify(step.outputs),
      ];
      expect(step.masks.length).toBeGreaterThan(0);
      for (const secret of step.masks) expect(told.join('\n')).not.toContain(secret);
    },
    30_000,
  );
});

const kubeconfig = adminKubeconfig(lab);
const { api } = await openCluster(
  { kubeconfig: { paths: [kubeconfig] } },
  { env: {}, log: silent, mask() {} },
);

describe('what runs in a cluster, by its reports', () => {
  const namespace = `gate-${randomUUID().slice(0, 8)}`;
  const digest = `sha256:${'d'.repeat(64)}`;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const reports = `/apis/aquasecurity.github.io/v1alpha1/namespaces/${namespace}/vulnerabilityreports`;

  let owner: object;
  beforeAll(async () => {
    await installReportDefinitions(api);
    await api.create('/api/v1/namespaces', { metadata: { name: namespace } });
    owner = await pretend();
  });
  afterAll(() => api.remove(`/api/v1/namespaces/${namespace}`));

  /** A pod that nobody schedules, and that says it runs. */
  async function pretend(): Promise<object> {
    await api.create(pods, {
      metadata: { name: 'web' },
      spec: { schedulerName: 'nobody', containers: [{ name: 'app', image: 'acme.io/web:1' }] },
    });
    const made = await api.get<{ metadata: { uid: string } }>(`${pods}/web`);
    const state = { running: { startedAt: new Date(Date.now() - 60_000) } };
    const container = {
      name: 'app',
      image: 'acme.io/web:1',
      imageID: `acme.io/web@${digest}`,
      state,
    };
    await api.replace(`${pods}/web/status`, {
      ...made,
      status: {
        phase: 'Running',
        containerStatuses: [{ ...container, ready: true, restartCount: 0, started: true }],
      },
    });
    return { apiVersion: 'v1', kind: 'Pod', name: 'web', uid: made.metadata.uid };
  }

  const report = (owner: object, ids: readonly string[]) => ({
    apiVersion: 'aquasecurity.github.io/v1alpha1',
    kind: 'VulnerabilityReport',
    metadata: {
      name: 'pod-web-app',
      labels: {
        'trivy-operator.resource.kind': 'Pod',
        'trivy-operator.resource.name': 'web',
        'trivy-operator.resource.namespace': namespace,
        'trivy-operator.container.name': 'app',
      },
      ownerReferences: [owner],
    },
    report: {
      updateTimestamp: new Date().toISOString(),
      scanner: { name: 'Trivy', vendor: 'Aqua Security', version: '0.74.0' },
      artifact: { repository: 'web', tag: '1', digest },
      vulnerabilities: ids.map((vulnerabilityID) => ({
        ...{ vulnerabilityID, resource: 'openssl', installedVersion: '1', fixedVersion: '2' },
        ...{ severity: 'CRITICAL', title: '' },
      })),
    },
  });

  it('without a report of it incomplete, then a pass, then a violation; Trivy is not needed', async () => {
    using workspace = gateIn();
    const judge = () =>
      workspace.gate(
        {
          ...{ 'scan-type': 'cluster', namespaces: namespace, kubeconfig },
          ...{ 'report-kinds': 'vulnerability', 'max-report-age': '24h' },
        },
        { env: { PATH: '/nowhere', XDG_CACHE_HOME: join(workspace.temp, 'empty') } },
      );
    const uncovered = await judge();
    expect(uncovered.outputs.verdict).toBe('incomplete');
    expect(uncovered.annotations[0]?.message).toContain(
      `No vulnerability report is about what runs in ${namespace}/Pod/web (app)`,
    );
    await api.create(reports, report(owner, []));
    expect((await judge()).outputs.verdict).toBe('pass');
    await api.remove(`${reports}/pod-web-app`);
    await api.create(reports, report(owner, ['CVE-2022-0778']));
    const violated = await judge();
    expect(violated.outputs.verdict).toBe('violation');
    expect(violated.annotations[0]?.message).toContain('openssl 1 (CVE-2022-0778)');
  }, 30_000);
});
