import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readKubeconfig } from '../../../shared/kube/connect.ts';
import { KubeApi } from '../../../shared/kube/KubeApi.ts';
import type { KubeObject } from '../../../shared/kube/preflight/KubeObject.ts';
import { parseManifest } from '../../../shared/kube/preflight/parseManifest.ts';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { certificate } from '../authority.ts';
import { port } from '../cluster/controlPlane.ts';
import { adminKubeconfig } from '../cluster/kubeconfig.ts';
import { command } from '../command.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import type { LabContext, Part } from '../Part.ts';

/** The label of a namespace in which the policies hold; nothing else of the cluster meets them. */
export const policed = { 'policies.lab': 'gatekeeper' } as const;

const own = 'gatekeeper-system';
const deadlineMs = 60_000;

export const gatekeeper: Part = {
  name: 'gatekeeper',
  about: `refuses what breaks policies, in namespaces labelled ${Object.entries(policed).flat().join('=')}`,
  needs: ['kube-apiserver'],
  programs: ['gatekeeper'],
  async start(lab) {
    const program = await lab.program('gatekeeper');
    const api = new KubeApi(readKubeconfig({ paths: [adminKubeconfig(lab)] }), {
      env: {},
      log: silent,
    });
    await Promise.all((await definitions()).map((object) => apply(api, object)));
    await apply(api, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: own } });
    // In a cluster that has just begun, its controller comes too late with it, and no pod is admitted.
    const account = { name: 'default', namespace: own };
    await apply(api, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
    await apply(api, itself);
    await startDaemon(lab, {
      name: 'gatekeeper',
      program,
      env: { POD_NAME: itself.metadata.name, POD_NAMESPACE: own },
      args: [
        `--kubeconfig=${adminKubeconfig(lab)}`,
        '--disable-cert-rotation',
        `--cert-dir=${await certificates(lab)}`,
        '--host=127.0.0.1',
        `--port=${port(addresses.gatekeeper)}`,
        `--health-addr=${addresses.gatekeeperHealth}`,
        `--prometheus-port=${port(addresses.gatekeeperMetrics)}`,
        `--api-cache-dir=${folder(lab, 'api-cache')}`,
        // No audit: it would read all of the cluster again and again.
        ...['webhook', 'status', 'generate'].map((operation) => `--operation=${operation}`),
        '--shutdown-delay=0',
      ],
      answers: () => gatekeeper.answers(lab),
    });
    const policies = parseManifest(
      readFileSync(join(import.meta.dirname, 'policies.yaml'), 'utf8'),
    );
    await Promise.all(policies.map((object) => inForce(api, object)));
    await apply(api, await webhook(lab));
  },
  async stop(lab) {
    await stopDaemon(lab, 'gatekeeper');
    rmSync(join(lab.stateDir, 'gatekeeper'), { recursive: true, force: true });
  },
  answers: () => answersHttp(`http://${addresses.gatekeeperHealth}/readyz`),
};

/**
 * Its states of policies belong to the pod in which it runs. Nobody schedules this one. (With
 * `--debug-use-fake-pod` they would be collected and made again for ever.)
 */
const itself = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'gatekeeper', namespace: own },
  spec: { schedulerName: 'nobody', containers: [{ name: 'manager', image: 'none' }] },
};

/** Called by its address; what has no namespace never meets it. */
async function webhook(lab: LabContext): Promise<KubeObject> {
  const { ca } = await certificate(lab, 'gatekeeper', { hosts: ['127.0.0.1'] });
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'gatekeeper-validating-webhook-configuration' },
    webhooks: [
      {
        name: 'validation.gatekeeper.sh',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        timeoutSeconds: 5,
        namespaceSelector: { matchLabels: policed },
        clientConfig: {
          url: `https://${addresses.gatekeeper}/v1/admit`,
          caBundle: readFileSync(ca).toString('base64'),
        },
        rules: [
          {
            apiGroups: ['*'],
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['*'],
            scope: 'Namespaced',
          },
        ],
      },
    ],
  };
}

/** The definitions of its kinds, which its own module brings. */
async function definitions(): Promise<KubeObject[]> {
  const cwd = join(import.meta.dirname, '../go/gatekeeper');
  const module = await command(
    'go',
    ['mod', 'download', '-json', 'github.com/open-policy-agent/gatekeeper/v3'],
    { cwd },
  );
  const { Dir: root } = JSON.parse(module) as { Dir: string };
  const crds = join(root, 'charts/gatekeeper/crds');
  return readdirSync(crds).flatMap((file) => parseManifest(readFileSync(join(crds, file), 'utf8')));
}

/** It wants the names that a Secret of certificates has. */
async function certificates(lab: LabContext): Promise<string> {
  const { cert, key } = await certificate(lab, 'gatekeeper', { hosts: ['127.0.0.1'] });
  const target = folder(lab, 'certificates');
  copyFileSync(cert, join(target, 'tls.crt'));
  copyFileSync(key, join(target, 'tls.key'));
  return target;
}

function folder(lab: LabContext, name: string): string {
  const path = join(lab.stateDir, 'gatekeeper', name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Applies a template or constraint, and waits until it says that it is enforced. */
async function inForce(api: KubeApi, object: KubeObject): Promise<void> {
  await apply(api, object);
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const { status } = await api.get<{ status?: Status }>(pathOf(object));
    if (status?.byPod?.some(({ enforced, errors }) => enforced ?? errors === undefined)) return;
    if (Date.now() > deadline) {
      throw new Error(`${object.kind} ${object.metadata.name}: ${JSON.stringify(status)}`);
    }
    await sleep(100);
  }
}

interface Status {
  readonly byPod?: readonly { readonly enforced?: boolean; readonly errors?: unknown }[];
}

/** A kind that was just defined is served a moment later. */
async function apply(api: KubeApi, object: KubeObject): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const { status, body } = await api.attempt(
      'PATCH',
      `${pathOf(object)}?fieldManager=lab&force=true`,
      object,
      { headers: { 'content-type': 'application/apply-patch+yaml' } },
    );
    if (status < 300) return;
    if (status !== 404 || Date.now() > deadline) {
      throw new Error(`${object.kind} ${object.metadata.name}: ${body.toString()}`);
    }
    await sleep(100);
  }
}

function pathOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
  // A constraint's resource has the name of its kind, without an s.
  const plural = apiVersion.startsWith('constraints.')
    ? kind.toLowerCase()
    : `${kind.toLowerCase()}s`;
  return `${root}${within}/${plural}/${name}`;
}
