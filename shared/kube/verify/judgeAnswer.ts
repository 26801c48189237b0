import type { HttpResponse } from '../../http/request.ts';
import { oneLine } from '../../log/oneLine.ts';
import type { Problem, Seen } from '../../verify/Check.ts';
import { type HttpCheck, nameOfHttp } from './HttpCheck.ts';

interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly message?: string;
}

const longestExcerpt = 300;

/** Compares what came through the API server with what a service has to answer. */
export function judgeAnswer(check: HttpCheck, response: HttpResponse): Seen {
  const own = ofServer(response);
  if (own !== undefined) return { problem: refusal(check, response.status, own) };
  const { status, headers } = response;
  const body = response.body.toString();
  const wrong = [
    !check.statuses.includes(status) && `it answers ${status}, not ${check.statuses.join(' or ')}`,
    check.contains !== undefined &&
      !body.includes(check.contains) &&
      `its answer does not contain ${JSON.stringify(check.contains)}`,
    check.matches !== undefined &&
      !check.matches.test(body) &&
      `its answer does not match ${check.matches.source}`,
    ...Object.entries(check.responseHeaders).map(([name, pattern]) => {
      const value = [headers[name] ?? []].flat().join(', ');
      if (headers[name] === undefined) return `its answer has no header ${name}`;
      return !pattern.test(value) && `its header ${name} is ${oneLine(value)}`;
    }),
  ].find((one) => one !== false);
  if (wrong === undefined) return { note: `answers ${status}` };
  return {
    problem: {
      kind: 'violation',
      what: `${nameOfHttp(check)}: ${wrong}`,
      why:
        body.trim() === '' ? 'The answer is empty.' : `It says: ${oneLine(body, longestExcerpt)}`,
      remedy:
        'Look at the log of the service’s pods at that time, or correct what `verify` expects.',
    },
  };
}

/** What the API server says itself, in the place of the service. */
function ofServer({ status, headers, body }: HttpResponse): Status | undefined {
  if (status < 400 || !/^application\/json/.test(String(headers['content-type']))) return undefined;
  try {
    const said = JSON.parse(body.toString()) as Partial<Status> & { status?: string };
    const isStatus = said.kind === 'Status' && said.apiVersion === 'v1';
    return isStatus && said.status === 'Failure' ? (said as Status) : undefined;
  } catch {
    return undefined;
  }
}

function refusal(check: HttpCheck, status: number, { message = '' }: Status): Problem {
  const name = nameOfHttp(check);
  const why = `The API server says: ${oneLine(message, longestExcerpt)}`;
  if (status === 403) {
    return {
      kind: 'unjudged',
      what: `${name}: it may not be asked`,
      why,
      remedy:
        'Grant the kubeconfig’s user `get` on `services/proxy` in the namespace, or check it with a `job`.',
    };
  }
  if (status === 401 || status === 429 || /etcd|apiserver/.test(message)) {
    return { kind: 'away', what: `${name}: the API server does not ask it`, why, remedy: retry };
  }
  return {
    kind: 'violation',
    what: `${name}: it does not answer`,
    why,
    remedy:
      'Look at the service’s selector, ports and pods; where network policies keep the API server out, check it with a `job`.',
  };
}

const retry = 'Run the job again when the API server is well.';
