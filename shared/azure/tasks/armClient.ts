import { Failure } from '../../failure/Failure.ts';
import type { Http, HttpResponse } from '../../http/request.ts';
import { explainArmError } from './explainArmError.ts';
import { resourceId, type TaskRegistry } from './TaskRegistry.ts';

/**
 * The version in which Azure's own command line asks for tasks. The only stable one, 2019-04-01, has
 * no agent pools.
 */
const tasksVersion = '2019-06-01-preview';

export interface ArmRequest {
  /** Below the registry: `scheduleRun`. */
  readonly path?: string;
  /** In place of `path`: an address that ARM gave, whole. */
  readonly address?: string;
  /** In place of that of tasks. */
  readonly apiVersion?: string;
  readonly method?: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether it may be sent again after a lost answer. */
  readonly repeatable: boolean;
  /** As it stands after "when asked to". */
  readonly doing: string;
  readonly deadlineMs?: number;
  /** In place of the client's own. */
  readonly signal?: AbortSignal | undefined;
}

/** Asks ARM about the registry. */
export interface Arm {
  readonly registry: TaskRegistry;
  /**
   * Gives every answer.
   *
   * @throws {Failure} when none comes
   */
  send(request: ArmRequest): Promise<HttpResponse>;
  /**
   * Gives the body of an answer that is no refusal.
   *
   * @throws {Failure} that explains the refusal
   */
  ask<Body>(request: ArmRequest): Promise<Body>;
}

export interface ArmOptions {
  readonly registry: TaskRegistry;
  readonly http: Http;
  /** Gives a token for ARM that is good now; asked again when ARM takes one for expired. */
  readonly token: () => Promise<string>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * ARM by requests of our own. `@azure/arm-containerregistry` sends a POST again after any 5xx and any
 * broken connection, and so would schedule a build twice; its version 12 has no tasks any more (they
 * moved to a package that is in beta), and with `@azure/storage-blob` version 11 weighs 190 KB gzipped.
 */
export function armClient({ registry, http, token, signal }: ArmOptions): Arm {
  async function once(request: ArmRequest): Promise<HttpResponse> {
    const url = new URL(
      request.address ?? `${registry.arm}${resourceId(registry)}/${request.path}`,
    );
    if (request.address === undefined) {
      url.searchParams.set('api-version', request.apiVersion ?? tasksVersion);
    }
    for (const [name, value] of Object.entries(request.query ?? {})) {
      url.searchParams.set(name, value);
    }
    const { body, deadlineMs } = request;
    return http({
      method: request.method ?? 'POST',
      url: url.href,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${await token()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      repeatable: request.repeatable,
      signal: 'signal' in request ? request.signal : signal,
      ...(deadlineMs !== undefined && { deadlineMs }),
    });
  }

  async function send(request: ArmRequest): Promise<HttpResponse> {
    const response = await once(request);
    // A refused token has done nothing, so that anything may be sent again with a new one.
    return response.status === 401 ? once(request) : response;
  }

  async function ask<Body>(request: ArmRequest): Promise<Body> {
    const response = await send(request);
    if (response.status >= 400) throw explainArmError(request.doing, registry, response);
    return parse<Body>(response, request, registry);
  }
  return { registry, send, ask };
}

/** @throws {Failure} when it is not JSON: a proxy's page of its own, for example */
export function parse<Body>(
  { body, status }: HttpResponse,
  { doing }: Pick<ArmRequest, 'doing'>,
  { arm }: TaskRegistry,
): Body {
  try {
    return JSON.parse(body.toString()) as Body;
  } catch (cause) {
    throw new Failure({
      what: `${new URL(arm).host} answered ${status} without JSON when asked to ${doing}.`,
      why: 'A proxy between this runner and Azure may answer in its place.',
      remedy: 'Check the proxy of this runner.',
      cause,
    });
  }
}
