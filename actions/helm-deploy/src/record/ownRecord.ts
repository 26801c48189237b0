import * as v from 'valibot';
import { type KubeApi, KubeProblem } from '../../../../shared/kube/KubeApi.ts';
import type { ReleaseFacts } from './ReleaseFacts.ts';

export interface ReleaseName {
  readonly release: string;
  readonly namespace: string;
}

/** Beside the release: Helm's own Secret loses what others write into it at each update. */
function pathOf({ release, namespace }: ReleaseName): string {
  return `/api/v1/namespaces/${namespace}/configmaps/${nameOf(release)}`;
}

function nameOf(release: string): string {
  return `platform-actions.${release}`;
}

/** @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer */
export async function writeOwnRecord(
  api: Pick<KubeApi, 'apply'>,
  facts: ReleaseFacts,
): Promise<void> {
  const { release, namespace, revision } = facts;
  await api.apply(pathOf(facts), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: nameOf(release),
      namespace,
      labels: {
        'app.kubernetes.io/managed-by': 'platform-actions',
        'platform-actions/release': release,
      },
    },
    data: { revision: String(revision), 'record.json': JSON.stringify(facts, undefined, 2) },
  });
}

const schema = v.looseObject({
  version: v.literal(1),
  environment: v.optional(v.string()),
  revision: v.number(),
  images: v.array(v.looseObject({ image: v.string() })),
});

/** What has to be known of an earlier record. */
export type EarlierRecord = v.InferOutput<typeof schema>;

/** @returns `undefined` where there is none, none of ours, or it may not be read */
export async function readOwnRecord(
  api: Pick<KubeApi, 'get'>,
  name: ReleaseName,
): Promise<EarlierRecord | undefined> {
  try {
    const { data } = await api.get<{ data?: Record<string, string> }>(pathOf(name));
    const read = v.safeParse(schema, JSON.parse(data?.['record.json'] ?? ''));
    return read.success ? read.output : undefined;
  } catch (error) {
    if (error instanceof KubeProblem || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Removes the record of a release that was removed.
 *
 * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
 */
export async function removeOwnRecord(
  api: Pick<KubeApi, 'remove'>,
  name: ReleaseName,
): Promise<void> {
  await api.remove(pathOf(name)).catch((error: unknown) => {
    if (!(error instanceof KubeProblem) || error.code !== 404) throw error;
  });
}
