import { randomBytes, randomUUID } from 'node:crypto';
import { type ArmCluster, locateCluster } from './arm/ArmCluster.ts';
import { ArmError } from './arm/ArmError.ts';
import type { ArmRegistry } from './arm/ArmRegistry.ts';
import { BlobStore } from './arm/BlobStore.ts';
import type { BuildArchive } from './arm/buildArchive.ts';
import { giveCredential } from './arm/giveCredential.ts';
import { type CopyBetween, Imports } from './arm/Imports.ts';
import { readImportRequest } from './arm/importRequest.ts';
import { locate, same } from './arm/locate.ts';
import { logPath, type Run, Runs, sourcePath } from './arm/Runs.ts';
import { readRunRequest } from './arm/runRequest.ts';
import { showRun } from './arm/showRun.ts';
import { signedUrl } from './arm/signature.ts';
import {
  type Answer,
  type Asked,
  type Double,
  type Served,
  type ServeOptions,
  serveDouble,
} from './serve.ts';

/** Those in which the service has tasks; the oldest knows no agent pools. */
const apiVersions = ['2018-09-01', '2019-04-01', '2019-06-01-preview', '2025-03-01-preview'];
/** Stable ones, in which the service has registries and copies between them. */
const importVersions = ['2019-05-01', '2021-09-01', '2022-12-01', '2023-07-01', '2025-11-01'];
/** Stable ones, in which the service has clusters. */
const clusterVersions = ['2023-11-01', '2024-09-01', '2025-05-01', '2025-09-01', '2026-04-01'];
const withoutPools = ['2018-09-01', '2019-04-01'];
const provider = 'Microsoft.ContainerRegistry/registries';

/** Who asks, as a token tells it. */
export interface Caller {
  readonly client: string;
  readonly object: string;
}

export interface ArmOptions extends ServeOptions {
  readonly registries: readonly ArmRegistry[];
  readonly clusters?: readonly ArmCluster[];
  /** Says whose token it is; throws an {@link ArmError} for one that ARM does not take. */
  readonly verify: (token: string) => Promise<Caller>;
  /** Actions that callers may do, `*` at the end stands for any rest; everything by default. */
  readonly actions?: readonly string[];
  readonly build: BuildArchive;
  /** Copies images between registries; by default none can be copied. */
  readonly copy?: CopyBetween;
  readonly sasSeconds?: number;
  readonly queuedMs?: number;
  readonly now?: () => Date;
}

/** The double on a server of its own. */
export type ArmServer = ArmDouble & Served;

export interface ArmDouble extends Double {
  readonly runs: ReadonlyMap<string, Run>;
  /** Everything that was asked, in order; without queries, which hold signatures. */
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly status: number;
  }[];
}

/**
 * ARM's credentials of clusters, its tasks of a container registry, and the storage account behind them: what `scheduleRun` is given
 * is really built. It refuses what the service refuses, in its words, and unknown fields besides.
 */
export function startArm(options: ArmOptions): Promise<ArmServer> {
  return serveDouble(makeArm, options);
}

/** The same without a server of its own. */
export function makeArm(options: ArmOptions): ArmDouble {
  const { now = () => new Date(), sasSeconds = 3600, queuedMs = 50 } = options;
  const blobs = new BlobStore(now);
  const runs = new Runs({ blobs, now, queuedMs, build: options.build });
  const imports = new Imports(
    options.copy ?? (() => Promise.reject(new Error('no registry answers'))),
  );
  const requests: { method: string; path: string; status: number }[] = [];
  const expires = () => new Date(now().getTime() + sasSeconds * 1000);

  async function arm(asked: Asked): Promise<Answer> {
    const caller = await authenticate(asked, options.verify);
    const may = (action: string) => {
      if (!(options.actions ?? ['*']).some((given) => covers(given, action))) {
        throw ArmError.forbidden(caller, action, asked.path);
      }
    };
    const found = locateCluster(asked.path, options.clusters ?? []);
    if (found !== undefined) {
      apiVersionOf(asked, clusterVersions, 'managedClusters');
      may(found.action);
      return giveCredential(asked, found.verb, found.cluster);
    }
    const { registry, rest } = locate(asked.path, options.registries);
    const isImport = rest[0] === 'importImage' || rest[0] === 'operationStatuses';
    const version = apiVersionOf(asked, isImport ? importVersions : apiVersions);
    const need = (action: string) => may(`${provider}/${action}`);
    const [first = '', id = '', verb = ''] = rest;
    switch (`${asked.method} ${first}${id === '' ? '' : '/{id}'}${verb === '' ? '' : `/${verb}`}`) {
      case 'POST listBuildSourceUploadUrl': {
        need('listBuildSourceUploadUrl/action');
        if (registry.tasks === false)
          throw ArmError.tasksNotAllowed(registry.name, registry.subscription);
        const day = now().toISOString().slice(0, 10).replaceAll('-', '');
        const relativePath = `tasks-source/${day}0000/${randomBytes(16).toString('hex')}.tar.gz`;
        const uploadUrl = signedUrl(asked.origin, sourcePath(relativePath), 'cw', expires());
        return { status: 200, body: { uploadUrl, relativePath } };
      }
      case 'POST scheduleRun': {
        need('scheduleRun/action');
        if (registry.tasks === false)
          throw ArmError.tasksNotAllowed(registry.name, registry.subscription);
        const request = readRunRequest(asked.body);
        const pool = request.agentPoolName;
        if (pool !== undefined) {
          if (withoutPools.includes(version))
            throw ArmError.badContent("Could not find member 'agentPoolName'.");
          if (!registry.agentPools?.includes(pool)) throw ArmError.unknownPool(pool);
        }
        return {
          status: 200,
          body: showRun(runs.schedule(registry.name, registry.loginServer, request), registry),
        };
      }
      case 'GET runs': {
        need('runs/read');
        const top = Number(asked.query.get('$top') ?? 100);
        const own = [...runs.all.values()]
          .filter((run) => run.registry === registry.name)
          .reverse();
        return {
          status: 200,
          body: { value: own.slice(0, top).map((run) => showRun(run, registry)) },
        };
      }
      case 'GET runs/{id}':
        need('runs/read');
        return { status: 200, body: showRun(runOf(id, registry), registry) };
      case 'POST runs/{id}/listLogSasUrl': {
        need('runs/listLogSasUrl/action');
        const path = logPath(runOf(id, registry).id);
        return { status: 200, body: { logLink: signedUrl(asked.origin, path, 'r', expires()) } };
      }
      case 'POST runs/{id}/cancel':
        need('runs/cancel/action');
        runs.cancel(runOf(id, registry));
        return { status: 200 };
      case 'POST importImage': {
        need('importImage/action');
        const request = readImportRequest(asked.body, asked.headers['content-type']);
        const { resourceId, registryUri = '' } = request.source;
        if (resourceId !== undefined) need('read');
        const from =
          resourceId === undefined
            ? registryUri
            : locate(`${resourceId}/`, options.registries).registry.loginServer;
        const id = imports.begin({ request, target: registry, from });
        return accepted(asked, registry, id, version);
      }
      case 'GET operationStatuses/{id}':
        need('importImage/action');
        return imports.isDone(id) ? { status: 200 } : accepted(asked, registry, id, version);
      default:
        throw ArmError.noRoute();
    }
  }

  function runOf(id: string, { name }: ArmRegistry): Run {
    const run = runs.all.get(id);
    if (run === undefined || run.registry !== name) throw ArmError.unknownRun(id);
    return run;
  }

  async function handle(asked: Asked): Promise<Answer> {
    const answer = await (asked.path.startsWith('/storage/')
      ? blobs.handle(asked)
      : arm(asked).catch((error: unknown) => {
          if (!(error instanceof ArmError)) throw error;
          return error.answer();
        }));
    requests.push({ method: asked.method, path: asked.path, status: answer.status });
    return { ...answer, headers: { 'x-ms-request-id': randomUUID(), ...answer.headers } };
  }
  return { handle, runs: runs.all, requests };
}

async function authenticate(asked: Asked, verify: ArmOptions['verify']): Promise<Caller> {
  const { authorization } = asked.headers;
  if (authorization === undefined) throw ArmError.noAuthorization();
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (token === undefined) throw ArmError.badToken();
  return verify(token);
}

function apiVersionOf({ query }: Asked, supported: readonly string[], type = 'registries'): string {
  const version = query.get('api-version');
  if (version === null || version === '') throw ArmError.noApiVersion();
  if (!supported.includes(version)) throw ArmError.unknownApiVersion(version, supported, type);
  return version;
}

/** What goes on, and where to ask for it. */
function accepted(
  { origin }: Asked,
  { subscription, resourceGroup, name }: ArmRegistry,
  id: string,
  version: string,
): Answer {
  const path = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/${provider}/${name}/operationStatuses/${id}`;
  return { status: 202, headers: { location: `${origin}${path}?api-version=${version}` } };
}

function covers(given: string, action: string): boolean {
  return given.endsWith('*') ? action.startsWith(given.slice(0, -1)) : same(given, action);
}
