import type { V1Lease } from '@kubernetes/client-node';
import { type KubeApi, KubeProblem } from './KubeApi.ts';

/** A holder that has not renewed for this long is dead. */
const durationSeconds = 15;
const renewEveryMs = 5000;

export interface Lease {
  /** Who held it before and died without giving it back. */
  readonly leftBy: string | undefined;
  /** Gives it back at once; without that it ends by itself. */
  release(): Promise<void>;
}

export type Taken =
  | { readonly held: true; readonly lease: Lease }
  /** Somebody else works here. */
  | { readonly held: false; readonly by: string; readonly since: Date | undefined }
  /** We may not use leases here; the reason is for the log. */
  | { readonly held: 'unknown'; readonly why: string };

/**
 * Takes a Lease (coordination.k8s.io/v1) unless another holder has renewed it lately, and renews it
 * until it is given back. Two takers at once are told apart by the object's resource version.
 *
 * @param holder who we are, for the people who have to wait
 */
export async function takeLease(
  api: KubeApi,
  namespace: string,
  name: string,
  holder: string,
): Promise<Taken> {
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const path = `${leases}/${name}`;
  const spec = () => ({
    holderIdentity: holder,
    leaseDurationSeconds: durationSeconds,
    acquireTime: microTime(),
    renewTime: microTime(),
  });
  let leftBy: string | undefined;
  try {
    const present = await api.get<V1Lease>(path).catch(ifCode(404, undefined));
    if (present === undefined) {
      await api.create(leases, { metadata: { name }, spec: spec() });
    } else {
      const { holderIdentity, renewTime, leaseDurationSeconds, acquireTime } = present.spec ?? {};
      const until = new Date(renewTime ?? 0).getTime() + (leaseDurationSeconds ?? 0) * 1000;
      if (holderIdentity && holderIdentity !== holder && until > Date.now()) {
        return { held: false, by: holderIdentity, since: acquireTime && new Date(acquireTime) };
      }
      await api.replace(path, { ...present, spec: spec() });
      leftBy = holderIdentity || undefined;
    }
  } catch (error) {
    const code = codeOf(error);
    // Another taker was faster by a moment.
    if (code === 409) return { held: false, by: 'another job', since: undefined };
    if (code === 403) return { held: 'unknown', why: 'the kubeconfig’s user may not use leases' };
    if (code === 404) return { held: 'unknown', why: `there is no namespace ${namespace} yet` };
    throw error;
  }
  const timer = setInterval(() => void renew(api, path, holder), renewEveryMs);
  return {
    held: true,
    lease: {
      leftBy,
      async release() {
        clearInterval(timer);
        try {
          const present = await api.get<V1Lease>(path);
          // A machine that slept may have lost it to somebody else.
          if (present.spec?.holderIdentity === holder) await api.remove(path);
        } catch {
          // The namespace went, or it ends by itself.
        }
      },
    },
  };
}

async function renew(api: KubeApi, path: string, holder: string): Promise<void> {
  try {
    const present = await api.get<V1Lease>(path);
    if (present.spec?.holderIdentity !== holder) return;
    await api.replace(path, { ...present, spec: { ...present.spec, renewTime: microTime() } });
  } catch {
    // The API server is away for a moment; the next renewal comes in time.
  }
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

/** metav1.MicroTime: six digits of a second. */
function microTime(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
