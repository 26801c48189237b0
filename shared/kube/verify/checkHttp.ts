import type { V1Service } from '@kubernetes/client-node';
import { Failure } from '../../failure/Failure.ts';
import type { Problem, Seen } from '../../verify/Check.ts';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import { type HttpCheck, nameOfHttp } from './HttpCheck.ts';
import { judgeAnswer } from './judgeAnswer.ts';

/**
 * Asks a service once, from inside the cluster: the API server passes the request on (its proxy of
 * services). So no image has to be there, no policy on pods stands in the way, nothing is left over, and a
 * private cluster's services are reached by whoever reaches its API server.
 */
export async function checkHttp(
  api: Pick<KubeApi, 'get' | 'ask'>,
  namespace: string,
  check: HttpCheck,
  signal: AbortSignal,
): Promise<Seen> {
  const name = nameOfHttp(check);
  try {
    const port = await portOf(api, namespace, check);
    if (typeof port !== 'string') return { problem: port };
    const { scheme, service, path, requestHeaders, timeoutMs } = check;
    const at = `/api/v1/namespaces/${namespace}/services/${scheme}:${service}:${port}/proxy${path}`;
    const limits = { headers: requestHeaders, deadlineMs: timeoutMs, signal };
    return judgeAnswer(check, await api.ask(at, limits));
  } catch (error) {
    if (signal.aborted) return { problem: away(name, 'it was stopped') };
    if (!(error instanceof Failure)) throw error;
    const isLate = /^Nothing came within/.test(error.why ?? '');
    if (!isLate) return { problem: away(name, error.why) };
    return {
      problem: {
        kind: 'violation',
        what: `${name}: no answer came within ${check.timeoutMs / 1000} s`,
        remedy: 'Look at what its pods wait for, or raise `timeout` of this check.',
      },
    };
  }
}

function away(name: string, why: string | undefined): Problem {
  return {
    kind: 'away',
    what: `${name}: the API server does not answer`,
    why,
    remedy: 'Run the job again when the API server is well.',
  };
}

/** The port by which the proxy knows it: a single one needs not be named. */
async function portOf(
  api: Pick<KubeApi, 'get'>,
  namespace: string,
  check: HttpCheck,
): Promise<string | Problem> {
  const { service, port } = check;
  if (port !== undefined) return port;
  const violation = (what: string, remedy: string): Problem => ({
    kind: 'violation',
    what: `${nameOfHttp(check)}: ${what}`,
    remedy,
  });
  try {
    const { spec } = await api.get<V1Service>(
      `/api/v1/namespaces/${namespace}/services/${service}`,
    );
    const [first, ...others] = spec?.ports ?? [];
    if (first === undefined) return violation('the service has no port', 'Give it one.');
    if (others.length === 0) return String(first.port);
    const list = [first, ...others].map((one) => one.name ?? one.port).join(', ');
    return violation(`the service has the ports ${list}`, 'Say in `port` which one is meant.');
  } catch (error) {
    if (!(error instanceof KubeProblem)) throw error;
    if (error.code === 404) return violation('there is no such service', 'Correct `service`.');
    const remedy = 'Grant `get` on services, or give `port`.';
    const kind = error.code === 403 ? 'unjudged' : 'away';
    return {
      kind,
      what: `${nameOfHttp(check)}: its service cannot be read`,
      why: error.message,
      remedy,
    };
  }
}
