import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../failure/Failure.ts';
import type { HttpResponse } from '../../http/request.ts';
import { plainText } from '../../log/sanitize.ts';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import { explainRefusal, type Refusal, type Trial } from './explainRefusal.ts';
import { at, type KubeObject, listAt, textAt } from './KubeObject.ts';
import type { Obstacle } from './Obstacle.ts';

type Api = Pick<KubeApi, 'attempt' | 'get'>;

/** What came of trying one object. */
export interface Tried {
  /** As it would be afterwards; `undefined` when it was refused. */
  readonly object?: KubeObject;
  readonly obstacles: readonly Obstacle[];
  /** Why it could not be tried. */
  readonly untried?: string;
  /** What the server says beside its answer (deprecated versions, policies that only warn). */
  readonly warnings: readonly string[];
}

/** Helm's own name as the owner of fields, and its strictness: what it would meet is met here. */
const asHelm = 'dryRun=All&fieldManager=helm&fieldValidation=Strict';
const typeOfPatch = {
  apply: 'application/apply-patch+yaml',
  merge: 'application/merge-patch+json',
};

/** A new namespace gets its account and the numbers of its quotas a moment later. */
const isNew = /service account \S+\/default: |status unknown for quota/;
const patienceMs = 3000;

/** Tries to create an object, as Helm does with hooks and controllers with pods. */
export async function tryToCreate(api: Api, collection: string, trial: Trial): Promise<Tried> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const response = await send(api, 'POST', `${collection}?${asHelm}`, trial.object);
    // That there is one already is found out last, after all that could refuse it.
    if (response.status === 409 && /already exists/.test(refusalOf(response).message)) {
      return { obstacles: [], warnings: warningsOf(response) };
    }
    if (
      response.status < 300 ||
      Date.now() > deadline ||
      !isNew.test(refusalOf(response).message)
    ) {
      return meaningOf(response, trial);
    }
    await sleep(150);
  }
}

/**
 * Tries to apply an object, as Helm does. An object that Helm has not applied on the server before (of
 * a release that began with Helm 3) is patched, as Helm then does: the fields that it set in another
 * way would seem to be somebody else's.
 */
export async function tryToApply(
  api: Api,
  path: string,
  trial: Trial,
  force = false,
): Promise<Tried> {
  const response = await patch(api, path, trial, 'apply', force);
  const mayDiffer =
    !force &&
    [409, 422].includes(response.status) &&
    !/denied request/.test(refusalOf(response).message);
  if (!mayDiffer || !(await isPatched(api, path))) return meaningOf(response, trial);
  return meaningOf(await patch(api, path, trial, 'merge'), trial);
}

function patch(
  api: Api,
  path: string,
  { object }: Trial,
  type: keyof typeof typeOfPatch,
  force = false,
) {
  const forced = type === 'apply' ? `&force=${force}` : '';
  return send(api, 'PATCH', `${path}?${asHelm}${forced}`, object, typeOfPatch[type]);
}

async function isPatched(api: Api, path: string): Promise<boolean> {
  try {
    const live = await api.get<KubeObject>(path);
    return !listAt(live, 'metadata', 'managedFields').some(
      (entry) => at(entry, 'manager') === 'helm' && at(entry, 'operation') === 'Apply',
    );
  } catch (error) {
    if (error instanceof KubeProblem) return false;
    throw error;
  }
}

/** Nothing is written, so that it may be sent again; but what a webhook says is an answer, not a bad day. */
async function send(
  api: Api,
  method: 'POST' | 'PATCH',
  path: string,
  object: KubeObject,
  type = 'application/json',
): Promise<HttpResponse> {
  const go = (repeatable: boolean) =>
    api.attempt(method, path, object, { repeatable, headers: { 'content-type': type } });
  try {
    const response = await go(false);
    return [429, 502, 503].includes(response.status) ? await go(true) : response;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return go(true);
  }
}

function meaningOf(response: HttpResponse, trial: Trial): Tried {
  const warnings = warningsOf(response);
  if (response.status < 300) {
    return { object: JSON.parse(response.body.toString()) as KubeObject, obstacles: [], warnings };
  }
  const meaning = explainRefusal(refusalOf(response), trial);
  return 'untried' in meaning
    ? { obstacles: [], untried: meaning.untried, warnings }
    : { obstacles: meaning.obstacles, warnings };
}

function refusalOf({ status, body }: HttpResponse): Refusal {
  try {
    const answer = JSON.parse(body.toString()) as unknown;
    const causes = listAt(answer, 'details', 'causes') as Refusal['causes'];
    return { code: status, message: plainText(textAt(answer, 'message') ?? ''), causes };
  } catch {
    return { code: status, message: `HTTP ${status}`, causes: [] };
  }
}

/** RFC 7234, 5.5: `299 - "text"`; several are joined by commas. */
export function warningsOf({ headers }: Pick<HttpResponse, 'headers'>): string[] {
  const given = [headers.warning ?? []].flat().join(', ');
  return [...given.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) =>
    plainText(text.replace(/\\(.)/g, '$1')),
  );
}
