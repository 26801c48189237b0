import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { parseReference } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { readManifest } from '../../../shared/oci/readManifest.ts';
import { addresses } from '../../lab/addresses.ts';
import { authority } from '../../lab/authority.ts';
import { jobEnvironment, labIdentity } from '../../lab/doubles/labDoubles.ts';
import { labContext } from '../../lab/lab.ts';
import { acrRefreshToken } from '../../lab/registry/acr/acr.ts';
import type { StepResult } from '../startAction.ts';
import { workspace } from './workspace.ts';

const { subscription, resourceGroup, client, tenant } = labIdentity;
const builder = `acr-tasks://${subscription}/${resourceGroup}/acr?arm=https://${addresses.arm}`;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  const { cert } = await authority(labContext(silent));
  env = { ...jobEnvironment(), NODE_EXTRA_CA_CERTS: cert };
});

/** A step on a runner that has no builder, with an identity of the lab's Entra. */
async function build(
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>>,
): Promise<StepResult> {
  using space = workspace(files);
  return await space.build({
    inputs: { builder, 'azure-client-id': client, 'azure-tenant-id': tenant, ...inputs },
    env: { ...env, PATH: '/nowhere' },
  });
}

const somewhere = () => `${addresses.acr}/tasks/${randomBytes(4).toString('hex')}`;

/** What the registry's image says of itself. */
async function labelsOf(image: string, digest: string): Promise<unknown> {
  const lab = labContext(silent);
  const ca = readFileSync((await authority(lab)).cert, 'utf8');
  const reader = new RegistryClient({
    http: httpClient({ env: {}, log: silent, ca }),
    credentialFor: async () => ({
      identityToken: await acrRefreshToken(lab, { oid: 'acr-agent', appid: 'acr-agent' }),
    }),
  });
  const reference = parseReference(`${image}@${digest}`);
  const { config } = readManifest((await reader.manifest(reference)).bytes, digest);
  const { body } = await reader.send(reference, { path: `blobs/${config?.digest}` });
  return JSON.parse(body.toString()).config.Labels;
}

describe('a build by ACR tasks', () => {
  it('has the outputs of any other, by the job’s own identity, and is found again', async () => {
    const image = somewhere();
    const files = {
      Dockerfile: 'FROM scratch\nARG WHO\nCOPY hello.txt /\n',
      'hello.txt': image,
      '.dockerignore': 'secret.txt\n',
      'secret.txt': 'x',
    };
    const inputs = { image, tags: '1\nlatest', 'build-args': 'WHO=the world', labels: 'a=b $c' };
    const built = await build(files, inputs);
    expect(built.annotations).toEqual([]);
    expect(built.exitCode).toBe(0);
    const { digest, reference, tags } = built.outputs;
    expect(reference).toBe(`${image}@${digest}`);
    expect(tags).toBe(`${image}:1\n${image}:latest`);
    expect(built.outputs.built).toBe('true');
    expect(built.log).toMatch(/ACR builds it in run ca\d+/);
    expect(built.log).not.toContain('It will not be found again');
    expect(built.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toMatch(/eyJ[\w-]{10,}\./);
    expect(await labelsOf(image, digest ?? '')).toMatchObject({
      a: 'b $c',
      'org.opencontainers.image.source': expect.stringContaining('acme/web'),
    });
    expect(built.summary).toContain('built and pushed');

    // The first tag is the version that its label tells.
    const found = await build(files, { ...inputs, tags: '1\n2' });
    expect(found.outputs).toMatchObject({ digest, built: 'false' });
  }, 90_000);

  it('that fails names the step and its line', async () => {
    const step = await build(
      { Dockerfile: `FROM busybox:1.36\nRUN exit 7 # ${Math.random()}\n` },
      { image: somewhere() },
    );
    expect(step.exitCode).toBe(1);
    expect(step.annotations).toMatchObject([
      {
        level: 'error',
        message: expect.stringContaining('which ended with exit code 7'),
        properties: { file: 'Dockerfile', line: '2' },
      },
    ]);
    expect(step.outputs.digest).toBeUndefined();
  }, 90_000);

  it('tells all that a task cannot do, before anything is sent', async () => {
    const step = await build(
      { Dockerfile: 'FROM scratch\n' },
      {
        ...{ image: somewhere(), builder: 'acr-tasks://lab?agent-pol=x', ssh: 'default' },
        ...{ platforms: 'linux/amd64,linux/arm64', secrets: 'a=bcdef', annotations: 'a=b' },
        ...{ 'azure-client-id': '', 'azure-tenant-id': '', sbom: 'true' },
      },
    );
    expect(step.annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining('Input platforms: a run of ACR tasks builds for one platform.'),
      expect.stringContaining('Input secrets: ACR tasks have no secrets of BuildKit.'),
      expect.stringContaining('Input provenance, sbom or attests: ACR tasks attest nothing.'),
      expect.stringContaining('Input ssh: ACR tasks have no such option.'),
      expect.stringContaining('Input annotations: ACR tasks set none.'),
      expect.stringContaining('Input builder: "acr-tasks://lab?agent-pol=x" does not name'),
      expect.stringContaining('Did you mean agent-pool?'),
      expect.stringContaining('Input builder: ACR is asked by an identity of Azure'),
    ]);
    expect(step.outputs).toEqual({});
  });
});
