import { Buffer } from 'node:buffer';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { httpClient } from '../../../shared/http/request.ts';
import { httpStream } from '../../../shared/http/stream.ts';
import { silent } from '../../../shared/log/Log.ts';
import { copyImage } from '../../../shared/oci/copyImage.ts';
import { formatReference, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../lab/addresses.ts';
import { authority } from '../../lab/authority.ts';
import { freshRepository } from '../../lab/buildkit/testStep.ts';
import { labContext } from '../../lab/lab.ts';
import { acrRefreshToken } from '../../lab/registry/acr/acr.ts';
import { startTestAcr } from '../../lab/registry/acr/startTestAcr.ts';
import { verifyEntraToken } from '../../lab/registry/acr/verifyEntraToken.ts';
import { startAzure, tenant } from './azure.ts';
import { busybox, core, deploy, namespace } from './cluster.ts';
import { giveLeastRole, user } from './leastRole.ts';

const lab = labContext(silent);
const caFile = (await authority(lab)).cert;
const ca = readFileSync(caFile, 'utf8');

/** An image that the kubelet has not yet, in the registry that wants a login. */
async function privateImage(): Promise<string> {
  const clientOf = (identityToken?: string) =>
    new RegistryClient({
      http: httpClient({ env: {}, log: silent, ca }),
      stream: httpStream({ env: {}, ca }),
      credentialFor: async () => (identityToken === undefined ? undefined : { identityToken }),
    });
  const source = clientOf();
  const { digest } = await source.manifest(parseReference(busybox));
  const to = parseReference(`${addresses.acr}/${freshRepository('pulled')}`);
  const target = clientOf(await acrRefreshToken(lab, { oid: 'pusher', appid: 'application' }));
  const from = pin(parseReference(busybox), digest);
  const { reference } = await copyImage({ from, to, tags: [], source, target, log: silent });
  return formatReference(reference);
}

it('a real kubelet pulls by a secret that the step has made', async () => {
  await using space = await namespace();
  const [image, password] = await Promise.all([
    privateImage(),
    acrRefreshToken(lab, { oid: 'puller', appid: 'application' }),
  ]);
  const account = (name: string) =>
    core.readNamespacedServiceAccount({ namespace: space.name, name });
  const body = { metadata: { name: 'loader' }, imagePullSecrets: [{ name: 'other' }] };
  await core.createNamespacedServiceAccount({ namespace: space.name, body });
  const inputs = {
    'pull-secret': 'registry',
    'pull-registry': addresses.acr,
    'pull-service-accounts': 'default\nloader',
    username: '00000000-0000-0000-0000-000000000000',
    password,
  };
  for (const replicas of [1, 2]) {
    const step = await deploy(space.name, { image, replicas }, { inputs });
    expect(step.outputs).toMatchObject({ status: 'deployed' });
    expect(step.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/registry is good until .* UTC.*Give a login that lasts/),
    ]);
    expect(step.log.replaceAll(/::add-mask::.*/g, '').includes(password)).toBe(false);
  }
  const before = await pulledWith(space.name);
  await core.deleteNamespacedSecret({ namespace: space.name, name: 'registry' });
  const unchanged = await deploy(
    space.name,
    { image, replicas: 2 },
    { inputs: { ...inputs, 'skip-unchanged': 'true' } },
  );
  expect(unchanged.outputs).toMatchObject({ revision: '2', changed: '[]' });
  expect(await pulledWith(space.name)).toEqual(before);
  expect((await account('default')).imagePullSecrets).toEqual([{ name: 'registry' }]);
  expect((await account('loader')).imagePullSecrets?.map(({ name }) => name).sort()).toEqual([
    'other',
    'registry',
  ]);
}, 120_000);

async function pulledWith(namespace: string): Promise<unknown> {
  const { data } = await core.readNamespacedSecret({ namespace, name: 'registry' });
  return data;
}

it('the Azure identity that deploys gives the login, too, and its end is told', async () => {
  await using azure = await startAzure();
  await using acr = await startTestAcr(lab, {
    verify: verifyEntraToken({ entra: azure.entra.url, tenant }),
  });
  await using space = await namespace();
  await giveLeastRole(space.name, user(azure.objectId));
  const step = await deploy(
    space.name,
    {},
    {
      inputs: { ...azure.inputs, 'pull-secret': 'registry', 'pull-registry': acr.host },
      env: { ...azure.env, NODE_EXTRA_CA_CERTS: caFile },
    },
  );
  expect(step.outputs).toMatchObject({ status: 'deployed' });
  expect(step.annotations.map(({ message }) => message)).toEqual([
    expect.stringMatching(/is good until .*kubelet identity.*attach-acr/),
  ]);
  const { data, type } = await core.readNamespacedSecret({
    namespace: space.name,
    name: 'registry',
  });
  expect(type).toBe('kubernetes.io/dockerconfigjson');
  const { auths } = JSON.parse(
    Buffer.from(data?.['.dockerconfigjson'] ?? '', 'base64').toString(),
  ) as { auths: Record<string, { username: string }> };
  expect(auths[acr.host]?.username).toMatch(/^0{8}-/);
}, 60_000);

it.each([
  [{ 'pull-secret': 'registry' }, /pull-secret is given without pull-registry/],
  [
    { 'pull-secret': 'registry', 'pull-registry': 'nobody.test' },
    /no login to nobody\.test is known/,
  ],
  [
    {
      ...{
        'pull-secret': 'registry',
        'pull-registry': 'r.test',
        username: 'u',
        password: 'nobody-knows',
      },
      'pull-service-accounts': 'missing',
    },
    /Service account missing in namespace .* is not there.*imagePullSecrets/,
  ],
])(
  '%j is refused before the release is written',
  async (inputs, said) => {
    await using space = await namespace();
    const env = { DOCKER_CONFIG: mkdtempSync(join(tmpdir(), 'docker-')) };
    const step = await deploy(space.name, {}, { inputs, env });
    expect(step.annotations[0]?.message.replaceAll('\n', ' ')).toMatch(said);
    expect([undefined, 'failed']).toContain(step.outputs.status);
    const { items } = await core.listNamespacedSecret({
      namespace: space.name,
      labelSelector: 'owner=helm',
    });
    expect(items).toEqual([]);
  },
  60_000,
);
