import type { V1Lease } from '@kubernetes/client-node';
import { type KubeApi, KubeProblem } from './KubeApi.ts';
import { keepLease } from './keepLease.ts';
import { microTime } from './microTime.ts';
import { outlive, type Waiting } from './outlive.ts';

/** A holder that has not renewed for this long is dead. */
const durationSeconds = 15;

export interface Lease {
  /** Who held it before and died without giving it back. */
  readonly leftBy: string | undefined;
  /** Aborts when a renewal finds it with another holder. */
  readonly taken: AbortSignal;
  /** Renews it, so that a change may follow; tells in words when it is no longer ours. */
  lost(): Promise<string | undefined>;
  /** Gives it back at once; without that it ends by itself. */
  release(): Promise<void>;
}

export type Taken =
  | { readonly held: true; readonly lease: Lease }
  /** Somebody else works here. */
  | { readonly held: false; readonly by: string; readonly since: Date | undefined }
  /** We may not use leases here; the reason is for the log. */
  | { readonly held: 'unknown'; readonly why: string };

export type LeaseApi = Pick<KubeApi, 'get' | 'create' | 'replace' | 'remove'>;

/**
 * Takes a Lease (coordination.k8s.io/v1) unless another holder lives, and renews it until it is given
 * back. Two takers at once are told apart by the object's resource version.
 *
 * @param holder who we are, for the people who have to wait; nobody else's
 */
export async function takeLease(
  api: LeaseApi,
  namespace: string,
  name: string,
  holder: string,
  waiting: Waiting = {},
): Promise<Taken> {
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const path = `${leases}/${name}`;
  const spec = () => ({
    holderIdentity: holder,
    leaseDurationSeconds: durationSeconds,
    acquireTime: microTime(),
    renewTime: microTime(),
  });
  const read = () => api.get<V1Lease>(path).catch(ifCode(404, undefined));
  let leftBy: string | undefined;
  try {
    let present = await read();
    const { holderIdentity, acquireTime } = present?.spec ?? {};
    if (present && holderIdentity && holderIdentity !== holder) {
      const left = await outlive(present, read, waiting);
      if (left === 'alive') {
        return { held: false, by: holderIdentity, since: acquireTime && new Date(acquireTime) };
      }
      present = left;
      leftBy = left?.spec?.holderIdentity || undefined;
    }
    if (present === undefined) await api.create(leases, { metadata: { name }, spec: spec() });
    else await api.replace(path, { ...present, spec: spec() });
  } catch (error) {
    const code = codeOf(error);
    // Another taker was faster by a moment.
    if (code === 409) return { held: false, by: 'another job', since: undefined };
    if (code === 403) return { held: 'unknown', why: 'the kubeconfig’s user may not use leases' };
    if (code === 404) return { held: 'unknown', why: `there is no namespace ${namespace} yet` };
    throw error;
  }
  return { held: true, lease: { leftBy, ...keepLease(api, path, holder, durationSeconds * 1000) } };
}

function ifCode<T>(code: number, value: T): (error: unknown) => T {
  return (error) => {
    if (codeOf(error) === code) return value;
    throw error;
  };
}

function codeOf(error: unknown): number | undefined {
  return error instanceof KubeProblem ? error.code : undefined;
}
