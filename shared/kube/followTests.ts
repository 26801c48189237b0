import type { V1Pod } from '@kubernetes/client-node';
import type { Log } from '../log/Log.ts';
import { oneLine } from '../log/oneLine.ts';
import { Cancelled } from '../process/Cancelled.ts';
import { containerLog, decisiveLine } from './containerLog.ts';
import { type Cause, causesOfPod } from './diagnose.ts';
import type { KubeApi } from './KubeApi.ts';
import { Patience } from './Patience.ts';
import { remedyOfLine } from './remedyOfLine.ts';
import type { Snapshot } from './Snapshot.ts';
import { takeSnapshot } from './takeSnapshot.ts';
import { watchNamespace } from './watchNamespace.ts';

/** One pod of a test; its texts are untrusted. */
export interface TestPod {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'unfinished';
  /** From the test down to what failed. */
  readonly chain: string;
  readonly reason: string;
  /** The decisive line of its log. */
  readonly line: string | undefined;
  readonly remedy: string;
  readonly log: string;
}

export interface Following {
  /** Aborts when a test cannot begin, whatever is waited. */
  readonly hopeless: AbortSignal;
  /** What became of the tests. */
  end(): Promise<readonly TestPod[]>;
}

const mostLines = 200;

/**
 * Follows the pods of tests while Helm runs them: a test may be deleted as soon as it has passed, and its
 * log with it.
 *
 * @param tests the hooks, as `Pod/web-test`
 */
export async function followTests(
  api: KubeApi,
  namespace: string,
  tests: readonly string[],
  log: Log,
): Promise<Following> {
  const start = await takeSnapshot(api, namespace);
  const old = new Set(start.pods.map(({ metadata }) => metadata?.uid));
  const hopeless = new AbortController();
  const ended = new AbortController();
  const patience = new Patience();
  const found = new Map<string, Promise<TestPod>>();
  const look = (snapshot: Snapshot) => {
    const pods = snapshot.pods.filter(({ metadata }) => !old.has(metadata?.uid));
    const own = pods.flatMap((pod) => {
      const test = testOf(pod, tests);
      return test === undefined ? [] : [{ pod, chain: chainOf(pod, test) }];
    });
    const causes = own.flatMap(({ pod, chain }) => causesOfPod(pod, chain, snapshot, true));
    for (const { pod, chain } of own) {
      const uid = pod.metadata?.uid ?? '';
      if (found.has(uid) || !isOver(pod)) continue;
      found.set(uid, read(api, namespace, pod, chain, causes, log));
    }
    const { certain } = patience.judge(causes, performance.now());
    if (certain === undefined || hopeless.signal.aborted) return;
    log.info(`This cannot heal: ${oneLine(certain.chain)}: ${oneLine(certain.reason)}.`);
    hopeless.abort(new Cancelled('SIGINT'));
  };
  const watching = watchNamespace(api, { namespace, start }, look, ended.signal);
  return {
    hopeless: hopeless.signal,
    async end() {
      ended.abort();
      await watching;
      const snapshot = await takeSnapshot(api, namespace);
      look(snapshot);
      const over = await Promise.all(found.values());
      return [...over, ...unfinished(snapshot, old, tests, found)];
    },
  };
}

/** Those that have not ended: they wait for something, or take too long. */
function unfinished(
  snapshot: Snapshot,
  old: ReadonlySet<string | undefined>,
  tests: readonly string[],
  found: ReadonlyMap<string, unknown>,
): TestPod[] {
  return snapshot.pods.flatMap((pod) => {
    const test = testOf(pod, tests);
    const uid = pod.metadata?.uid ?? '';
    if (test === undefined || old.has(uid) || found.has(uid)) return [];
    const chain = chainOf(pod, test);
    const [cause] = causesOfPod(pod, chain, snapshot, true);
    return [
      {
        ...{ name: test, state: 'failed', chain: cause?.chain ?? chain, line: undefined, log: '' },
        reason: cause ? `${cause.reason}: ${cause.message}` : 'it has not ended',
        remedy: cause?.remedy ?? 'Give it more time in `timeout`.',
      },
    ];
  });
}

async function read(
  api: KubeApi,
  namespace: string,
  pod: V1Pod,
  chain: string,
  causes: readonly Cause[],
  log: Log,
): Promise<TestPod> {
  const name = pod.metadata?.name ?? '';
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const texts = await Promise.all(
    containers.map((container) =>
      containerLog(api, namespace, { pod: name, name: container.name, previous: false }, mostLines),
    ),
  );
  const passed = pod.status?.phase === 'Succeeded';
  const logs = containers.flatMap((container, index) => {
    const text = (texts[index] ?? '').trimEnd();
    return text === ''
      ? []
      : [{ title: `${chain} → container ${container.name}`, name: container.name, text }];
  });
  for (const { title, text } of logs) {
    await log.group(`Log of ${oneLine(title)}`, async () => log.untrusted(text));
  }
  log.untrusted(`${chain}: ${passed ? 'passed' : 'failed'}`);
  const cause = causes.find((one) => one.chain.startsWith(chain));
  const telling = logs.find((one) => one.name === cause?.container?.name) ?? logs.at(-1);
  const line = passed || telling === undefined ? undefined : decisiveLine(telling.text);
  return {
    ...{ name: chain, state: passed ? 'passed' : 'failed', chain: cause?.chain ?? chain, line },
    reason: cause ? `${cause.reason}: ${cause.message}` : 'the test has failed',
    remedy:
      (line && remedyOfLine(line)) ??
      'Look at what the test expects, and at the release that it tests.',
    log: logs.map(({ title, text }) => `${title}:\n${text}`).join('\n'),
  };
}

function isOver({ status }: V1Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** The test to which a pod belongs: it is one itself, or a Job that is one made it. */
function testOf({ metadata }: V1Pod, tests: readonly string[]): string | undefined {
  const owners = (metadata?.ownerReferences ?? []).map(({ kind, name }) => `${kind}/${name}`);
  return tests.find((test) => test === `Pod/${metadata?.name}` || owners.includes(test));
}

function chainOf({ metadata }: V1Pod, test: string): string {
  return test.startsWith('Pod/') ? test : `${test} → pod ${metadata?.name}`;
}
