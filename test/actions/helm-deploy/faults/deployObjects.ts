import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubernetesObjectApi } from '@kubernetes/client-node';
import type { StepOptions, StepResult } from '../../startAction.ts';
import { busybox, config, core, deploy } from '../cluster.ts';
import type { Own } from './faults.ts';
import type { Manifest } from './objects.ts';

const objectsApi = config.makeApiClient(KubernetesObjectApi);

/** Stands as long as the tests run, and does not keep them from ending. */
const refusing = new Promise<string>((resolve) => {
  const server = createServer((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="lab"' }).end();
  });
  server.listen(0, '127.0.0.1', () => {
    resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  server.unref();
});

/** A namespace, and kinds and nodes beside it, of a test's own; gone with the test. */
export async function ownPlace(
  labels: Readonly<Record<string, string>> = {},
  around: (own: Own) => readonly Manifest[] = () => [],
): Promise<AsyncDisposable & { readonly own: Own }> {
  const namespace = `faults-${randomBytes(4).toString('hex')}`;
  const own = { namespace, group: `${namespace}.example.com`, refusing: await refusing };
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
  const made: Manifest[] = [];
  for (const object of around(own)) made.push(await create(object, namespace));
  return {
    own,
    async [Symbol.asyncDispose]() {
      await core.deleteNamespace({ name: namespace });
      for (const object of made.filter(({ metadata }) => metadata.namespace === undefined)) {
        await objectsApi.delete(object);
      }
    },
  };
}

async function create(object: Manifest, namespace: string): Promise<Manifest> {
  const outside = /^(?:Node|CustomResourceDefinition|ValidatingAdmissionPolicy(?:Binding)?)$/;
  const metadata = outside.test(object.kind) ? object.metadata : { ...object.metadata, namespace };
  await objectsApi.create({ ...object, metadata });
  if (object.kind === 'ValidatingAdmissionPolicyBinding') await untilDenied(namespace);
  return { ...object, metadata };
}

/** The API server learns of a policy a moment after it has taken it. */
async function untilDenied(namespace: string): Promise<void> {
  const body = {
    metadata: { name: 'probe', namespace },
    spec: { containers: [{ name: 'probe', image: busybox }] },
  };
  const isDenied = async () => {
    const asked = core.createNamespacedPod({ namespace, body, dryRun: 'All' });
    return asked.then(
      () => false,
      (error: unknown) => /denied/.test(String(error)),
    );
  };
  for (let tries = 0; tries < 60 && !(await isDenied()); tries += 1) await sleep(500);
}

/** Deploys a chart that holds these objects. */
export function deployObjects(
  { namespace }: Own,
  objects: readonly Manifest[],
  { inputs, ...options }: StepOptions = {},
): Promise<StepResult> {
  // As long as action.yml has it: what is ready for a moment only is among the faults.
  const usual = { timeout: '120s', settle: '2s' };
  const workspace = import.meta.dirname;
  return deploy(namespace, { objects }, { ...options, workspace, inputs: { ...usual, ...inputs } });
}
