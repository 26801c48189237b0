import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Pod } from '@kubernetes/client-node';
import type { Log } from '../log/Log.ts';
import { oneLine } from '../log/oneLine.ts';
import { Cancelled } from '../process/Cancelled.ts';
import { decisiveLine } from './containerLog.ts';
import { type Cause, causesOfPod } from './diagnose.ts';
import { followLog, type PodLog } from './followLog.ts';
import type { KubeApi } from './KubeApi.ts';
import { Patience } from './Patience.ts';
import { remedyOfLine } from './remedyOfLine.ts';
import type { Snapshot } from './Snapshot.ts';
import { takeSnapshot } from './takeSnapshot.ts';
import { watchNamespace } from './watchNamespace.ts';

/** What became of one pod of a test; its texts are untrusted. */
export interface TestPod {
  /** `Pod/web-test`, or `Job/web-test → pod web-test-x1y2z`. */
  readonly name: string;
  readonly passed: boolean;
  /** Down to what failed. */
  readonly chain: string;
  readonly reason: string;
  /** The decisive line of its log. */
  readonly line: string | undefined;
  readonly remedy: string;
  readonly log: string;
}

export interface FollowedTests {
  /** Aborts when a test cannot begin, however long is waited. */
  readonly hopeless: AbortSignal;
  /** What became of them. @param passed whether Helm says that all have passed */
  end(passed: boolean): Promise<readonly TestPod[]>;
}

interface Seen {
  readonly pod: V1Pod;
  readonly test: string;
  readonly chain: string;
  readonly log: PodLog;
  readonly causes: readonly Cause[];
}

/** The last lines come a moment after the end. */
const untilWrittenMs = 1500;

/**
 * Follows the pods of a release's tests while Helm runs them, and shows what their programs say as they say
 * it: a test may be deleted as soon as it has passed, and its log with it.
 *
 * @param tests the hooks, as `Pod/web-test`
 */
export async function followTests(
  api: KubeApi,
  namespace: string,
  tests: readonly string[],
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<FollowedTests> {
  const start = await takeSnapshot(api, namespace);
  const old = new Set(start.pods.map(({ metadata }) => metadata?.uid));
  const hopeless = new AbortController();
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const patience = new Patience();
  const seen = new Map<string, Seen>();
  const look = (snapshot: Snapshot) => {
    for (const pod of snapshot.pods) {
      const test = old.has(pod.metadata?.uid) ? undefined : testOf(pod, tests);
      if (test === undefined) continue;
      const uid = pod.metadata?.uid ?? '';
      const chain = test.startsWith('Pod/') ? test : `${test} → pod ${pod.metadata?.name}`;
      const known = seen.get(uid)?.log ?? followLog(api, namespace, { chain, log, signal: until });
      known.look(pod);
      const causes = causesOfPod(pod, chain, snapshot, true);
      seen.set(uid, { pod, test, chain, log: known, causes });
    }
    const causes = [...seen.values()].flatMap((one) => one.causes);
    const { certain } = patience.judge(causes, performance.now());
    if (certain === undefined || hopeless.signal.aborted) return;
    log.info(`This cannot heal: ${oneLine(certain.chain)}: ${oneLine(certain.reason)}.`);
    hopeless.abort(new Cancelled('SIGINT'));
  };
  const watching = watchNamespace(api, { namespace, start }, look, until);
  return {
    hopeless: hopeless.signal,
    async end(passed) {
      if (!signal.aborted) {
        look(await takeSnapshot(api, namespace));
        const all = Promise.all([...seen.values()].map((one) => one.log.end));
        await Promise.race([all, sleep(untilWrittenMs, undefined, { ref: false })]);
      }
      ended.abort();
      await watching;
      const pods = [...seen.values()].map((one) => judge(one, passed));
      const missed = tests.filter((test) => ![...seen.values()].some((one) => one.test === test));
      return [...pods, ...(passed ? missed.map(unseen) : [])];
    },
  };
}

function judge({ pod, chain, log, causes }: Seen, all: boolean): TestPod {
  // Of one that was deleted the last state was not seen; Helm saw it.
  const passed = all || pod.status?.phase === 'Succeeded';
  const [cause] = causes;
  const lines = log.linesOf(cause?.container?.name);
  const line = passed ? undefined : decisiveLine(lines.join('\n'));
  return {
    ...{ name: chain, passed, chain: cause?.chain ?? chain, line, log: log.text() },
    reason: cause ? `${cause.reason}: ${cause.message}` : 'it has not passed',
    remedy:
      (line === undefined ? undefined : remedyOfLine(line)) ??
      (lines.length > 0 || cause === undefined
        ? 'Look at what the test expects, and at the release that it tests.'
        : cause.remedy),
  };
}

function unseen(test: string): TestPod {
  return {
    ...{ name: test, passed: true, chain: test, reason: '', line: undefined, remedy: '' },
    log: '',
  };
}

/** The test to which a pod belongs: it is one itself, or a Job that is one made it. */
function testOf({ metadata }: V1Pod, tests: readonly string[]): string | undefined {
  const owners = (metadata?.ownerReferences ?? []).map(({ kind, name }) => `${kind}/${name}`);
  return tests.find((test) => test === `Pod/${metadata?.name}` || owners.includes(test));
}
