import { randomBytes } from 'node:crypto';
import { KubernetesObjectApi } from '@kubernetes/client-node';
import { type StepOptions, type StepResult, startAction } from '../../startAction.ts';
import { config, core, kubeconfig } from '../cluster.ts';
import type { Own } from './faults.ts';
import type { Manifest } from './objects.ts';

const objectsApi = config.makeApiClient(KubernetesObjectApi);

/** A namespace, and kinds and nodes beside it, of a test's own; gone with the test. */
export async function ownPlace(
  labels: Readonly<Record<string, string>> = {},
  around: (own: Own) => readonly Manifest[] = () => [],
): Promise<AsyncDisposable & { readonly own: Own }> {
  const namespace = `faults-${randomBytes(4).toString('hex')}`;
  const own = { namespace, group: `${namespace}.example.com` };
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
  return { ...object, metadata };
}

/** Deploys a chart that holds these objects. */
export function deployObjects(
  { namespace }: Own,
  objects: readonly Manifest[],
  { inputs, ...options }: StepOptions = {},
): Promise<StepResult> {
  return startAction('helm-deploy', {
    ...options,
    workspace: import.meta.dirname,
    inputs: {
      chart: 'chart',
      release: 'web',
      namespace,
      values: JSON.stringify({ objects }),
      timeout: '120s',
      kubeconfig,
      ...inputs,
    },
  });
}
