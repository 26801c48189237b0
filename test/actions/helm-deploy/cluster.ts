import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { adminKubeconfig } from '../../lab/cluster/kubeconfig.ts';
import { labContext } from '../../lab/lab.ts';
import { type StepOptions, type StepResult, startAction } from '../startAction.ts';

const lab = labContext(silent);
export const kubeconfig = readFileSync(adminKubeconfig(lab), 'utf8');
export const config = new KubeConfig();
config.loadFromString(kubeconfig);
export const core = config.makeApiClient(CoreV1Api);
export const apps = config.makeApiClient(AppsV1Api);

/** The lab's busybox; what the test chart runs. */
export const busybox = `${addresses.registry}/library/busybox:1.36`;

/** A namespace of the test's own; deleted when the test is over, without waiting for it. */
export async function namespace(): Promise<AsyncDisposable & { readonly name: string }> {
  const name = `helm-${randomBytes(4).toString('hex')}`;
  await core.createNamespace({ body: { metadata: { name } } });
  return {
    name,
    async [Symbol.asyncDispose]() {
      await core.deleteNamespace({ name });
    },
  };
}

/** Deploys the test chart as a step would; `values` is merged as JSON, which is YAML. */
export function deploy(
  namespace: string,
  values: Readonly<Record<string, unknown>> = {},
  { inputs, ...options }: StepOptions = {},
): Promise<StepResult> {
  return startAction('helm-deploy', {
    workspace: import.meta.dirname,
    ...options,
    inputs: {
      chart: 'chart',
      release: 'web',
      namespace,
      values: JSON.stringify(values),
      timeout: '60s',
      settle: '0s',
      kubeconfig,
      ...inputs,
    },
  });
}

/** What Helm keeps of a release, from the labels of its Secrets: `1 superseded`, `2 deployed`. */
export async function revisions(namespace: string): Promise<string[]> {
  const { items } = await core.listNamespacedSecret({ namespace, labelSelector: 'owner=helm' });
  return items
    .map(({ metadata }) => `${metadata?.labels?.version} ${metadata?.labels?.status}`)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

/** Where the test chart is. */
export const chart = join(import.meta.dirname, 'chart');

/**
 * The kubeconfig with a program that logs in, as those of clouds have.
 *
 * @param condition of a shell, under which it gives the certificate; without that it fails
 */
export function withProgram(condition: string): string {
  const { certData = '', keyData = '' } = config.getCurrentUser() ?? {};
  const text = (data: string) => Buffer.from(data, 'base64').toString();
  const credential = JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { clientCertificateData: text(certData), clientKeyData: text(keyData) },
  });
  const script = `${condition} || { echo 'no login' >&2; exit 1; }; printf %s "$CREDENTIAL"`;
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'Never',
    command: 'sh',
    args: ['-c', script],
    env: [
      { name: 'OWN', value: 'mine' },
      { name: 'CREDENTIAL', value: credential },
    ],
  };
  const users = [{ name: config.getCurrentUser()?.name, user: { exec } }];
  return JSON.stringify({ ...parse(kubeconfig), users });
}
