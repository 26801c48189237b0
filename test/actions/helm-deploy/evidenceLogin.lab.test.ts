import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { publicKeyOf } from '../../../shared/evidence/keySigner.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { parseDigest, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../lab/addresses.ts';
import { authority } from '../../lab/authority.ts';
import { labContext } from '../../lab/lab.ts';
import { acrRefreshToken } from '../../lab/registry/acr/acr.ts';
import { tokenUser } from '../../lab/registry/acr/tokenEndpoints.ts';
import { type LoginLab, loginLab, tenant } from '../build-push-image/loginLab.ts';
import { startAction } from '../startAction.ts';
import { pushToAcr } from '../trivy-gate/acrImage.ts';
import { newKey } from '../trivy-gate/newKey.ts';
import { kubeconfig, namespace } from './cluster.ts';
import { attachVerdict } from './proven.ts';
import { workspaceOf } from './workspaceOf.ts';

const lab = labContext(silent);
const key = newKey();
const clientId = '22222222-2222-2222-2222-222222222222';

let job: LoginLab;
let password: string;
let ca: string;
let docker: string;
beforeAll(async () => {
  ca = (await authority(lab)).cert;
  job = await loginLab((trust) => [
    { clientId, objectId: 'deployer', federatedCredentials: [trust] },
  ]);
  password = await acrRefreshToken(lab, { oid: 'object', appid: 'application' });
  docker = mkdtempSync(`${tmpdir()}/docker-`);
});
afterAll(async () => {
  rmSync(docker, { recursive: true });
  await job?.[Symbol.asyncDispose]();
});

/** An image with a verdict, in what all of the lab's doubles of ACR serve. */
async function provenInAcr(): Promise<string> {
  const image = await pushToAcr({ 'etc/machine-id': randomUUID() });
  const [, digest = ''] = image.split('@');
  const to = pin(parseReference(`${addresses.acr}/${image}`), parseDigest(digest));
  const client = new RegistryClient({
    http: httpClient({ env: {}, log: silent, ca: readFileSync(ca, 'utf8') }),
    credentialFor: async () => ({ identityToken: password }),
  });
  await attachVerdict(to, key, {}, client);
  return image;
}

it.each<[string, () => Record<string, string>, RegExp | undefined]>([
  [
    'the job’s own OIDC token',
    () => ({ 'azure-client-id': clientId, 'azure-tenant-id': tenant }),
    undefined,
  ],
  ['name and password', () => ({ username: tokenUser, password }), undefined],
  ['nobody', () => ({}), /its evidence cannot be had: .*wants a login/],
])(
  'evidence in a registry that is logged in to by %s',
  async (_name, login, lacks) => {
    const image = await provenInAcr();
    await using acr = await job.acr();
    await using space = await namespace();
    const registry = 'username' in login() ? addresses.acr : acr.host;
    const pod = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
      spec: {
        containers: [
          { name: 'proven', image: `${registry}/${image}` },
          // So that nothing is deployed: the lab's kubelet has no login there.
          { name: 'other', image: 'busybox' },
        ],
      },
    };
    using workspace = workspaceOf({ 'pod.yaml': pod });
    const step = await startAction('helm-deploy', {
      workspace: workspace.path,
      inputs: {
        ...{ chart: 'pod.yaml', release: 'web', namespace: space.name, kubeconfig },
        ...{ 'require-evidence': 'production', 'evidence-key': publicKeyOf(key), ...login() },
      },
      env: {
        ...job.oidc.env,
        ...{ AZURE_AUTHORITY_HOST: job.entra.url, NODE_EXTRA_CA_CERTS: ca, DOCKER_CONFIG: docker },
      },
    });
    expect(step.outputs.status).toBe('failed');
    const [found] = JSON.parse(step.outputs.evidence ?? '[]') as {
      result: string;
      lacks?: string;
    }[];
    if (lacks === undefined) expect(found).toMatchObject({ result: 'PASSED' });
    else expect(found?.lacks).toMatch(lacks);
    const told = [step.log.replaceAll(/::add-mask::.*/g, ''), step.summary];
    for (const secret of step.masks) expect(told.join('\n')).not.toContain(secret);
  },
  60_000,
);
