import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { addresses } from '../../../test/lab/addresses.ts';
import { buildWithLab } from '../../../test/lab/doubles/arm/buildWithLab.ts';
import {
  startTestArm,
  testRegistry,
  testToken,
} from '../../../test/lab/doubles/arm/startTestArm.ts';
import type { ArmOptions, ArmServer } from '../../../test/lab/doubles/arm.ts';
import { serverError, tooManyRequests } from '../../../test/lab/faults/answers.ts';
import { type FaultProxy, startFaultProxy } from '../../../test/lab/faults/faultProxy.ts';
import type { Rule } from '../../../test/lab/faults/Rule.ts';
import { labContext } from '../../../test/lab/lab.ts';
import type { Failure } from '../../failure/Failure.ts';
import { httpClient } from '../../http/request.ts';
import { type Log, silent } from '../../log/Log.ts';
import { Cancelled } from '../../process/Cancelled.ts';
import { buildByTasks, type TaskBuilt, type TasksOptions } from './buildByTasks.ts';
import type { TaskRegistry } from './TaskRegistry.ts';
import type { TaskBuild } from './taskRequest.ts';

const lab = labContext(silent);
const pace = { first: 50, mostLog: 100, mostRun: 200, lateLog: 5000, patience: 5000 };
const hello = { Dockerfile: 'FROM busybox:1.36\nARG WHO=nobody\nRUN echo "hello $WHO" > /hello\n' };

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Scenario {
  readonly files?: Readonly<Record<string, string>>;
  readonly rules?: readonly Rule[];
  readonly build?: Partial<TaskBuild>;
  readonly arm?: Partial<ArmOptions>;
  readonly registry?: Partial<TaskRegistry>;
  readonly options?: Partial<TasksOptions>;
  /** Told of each line that is shown, to cancel. */
  readonly onText?: (text: string, stop: AbortController) => void;
}

interface Told {
  readonly built: TaskBuilt | undefined;
  readonly failure: Failure;
  /** What a person saw. */
  readonly text: string;
  readonly runs: readonly string[];
  readonly repository: string;
  readonly arm: ArmServer;
  readonly proxy: FaultProxy;
  readonly runIds: readonly string[];
}

/** One build behind the fault proxy, by a double of ARM that builds with the lab's BuildKit. */
async function scenario(given: Scenario): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'tasks-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(given.files ?? hello)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const repository = `tasks/${randomBytes(4).toString('hex')}`;
  const stop = new AbortController();
  const said: string[] = [];
  const say = (text: string) => {
    said.push(text);
    given.onText?.(text, stop);
  };
  const log: Log = { ...silent, info: say, warning: say, error: say, untrusted: say };
  await using arm = await startTestArm(lab, given.arm);
  await using proxy = await startFaultProxy({ target: arm.url, rules: given.rules ?? [] });
  const runIds: string[] = [];
  const names = [`${repository}:1`, `${repository}:key-${randomBytes(8).toString('hex')}`];
  const outcome = await buildByTasks({
    registry: { arm: proxy.url, ...testRegistry, ...given.registry },
    context: folder,
    dockerfile: join(folder, 'Dockerfile'),
    dockerfileInRepository: 'Dockerfile',
    build: { names, push: true, ...given.build },
    keyName: names[1],
    tempDir: folder,
    token: async () => testToken,
    http: httpClient({ env: {}, log }),
    log,
    signal: stop.signal,
    onRun: (id) => runIds.push(id),
    pace,
    ...given.options,
  }).then(
    (built) => ({ built, failure: undefined }),
    (failure: unknown) => ({ built: undefined, failure }),
  );
  return {
    built: outcome.built,
    failure: outcome.failure as Failure,
    text: said.join('\n'),
    runs: [...arm.runs.values()].map(({ status }) => status),
    ...{ repository, arm, proxy, runIds },
  };
}

async function digestOf(repository: string): Promise<string | null> {
  const answer = await fetch(`http://${addresses.registry}/v2/${repository}/manifests/1`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  return answer.headers.get('docker-content-digest');
}

describe('a build by ACR tasks', () => {
  it.concurrent('has the digest that the registry has, and shows its log in whole lines', async () => {
    const told = await scenario({
      build: { arguments: [{ name: 'WHO', value: 'the world' }] },
    });
    expect(told.failure).toBeUndefined();
    expect(told.built).toMatchObject({ runId: 'ca1', files: 1 });
    expect(told.built?.digest).toBe(await digestOf(told.repository));
    expect(told.runIds).toEqual(['ca1']);
    expect(told.text).toMatch(/\nRun ID: ca1 was successful after \d+s/);
    expect(told.text).toContain('RUN echo "hello the world" > /hello');
  }, 60_000);

  it.concurrent('sees of its context what .dockerignore leaves, as a build on the runner does', async () => {
    const told = await scenario({
      files: {
        Dockerfile:
          'FROM busybox:1.36\nCOPY . /context\nRUN cd /context && find . -type f | sort | sed s/^/SEEN/\n',
        '.dockerignore': 'node_modules\n**/*.log\nsecret*\n!secret-not.txt\nDEEP\n',
        'node_modules/a/b.js': '',
        'src/app.js': '',
        'src/x.log': '',
        'secret.txt': '',
        'secret-not.txt': '',
        'deep/x': '',
      },
      build: { noCache: true },
    });
    const seen = [...told.text.matchAll(/ SEEN(\S+)/g)].map(([, path]) => path);
    expect(seen).toEqual([
      './.dockerignore',
      './Dockerfile',
      './deep/x',
      './secret-not.txt',
      './src/app.js',
    ]);
  }, 60_000);

  it.concurrent('takes a Dockerfile from elsewhere, with its own ignore file', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    folders.push(elsewhere);
    const dockerfile = join(elsewhere, 'web.Dockerfile');
    writeFileSync(
      dockerfile,
      'FROM busybox:1.36\nCOPY . /context\nRUN find /context -name "*.txt" | sed s/^/SEEN/\n',
    );
    writeFileSync(`${dockerfile}.dockerignore`, 'no.txt\n');
    const told = await scenario({
      files: { 'yes.txt': '', 'no.txt': '', '.dockerignore': 'yes.txt\n' },
      build: { noCache: true },
      options: { dockerfile },
    });
    expect(told.failure).toBeUndefined();
    expect([...told.text.matchAll(/ SEEN(\S+)/g)].map(([, path]) => path)).toEqual([
      '/context/yes.txt',
    ]);
  }, 60_000);

  it.concurrent('sets labels, and no COPY sees by what', async () => {
    const told = await scenario({
      files: {
        Dockerfile:
          'FROM busybox:1.36 AS first\nCOPY . /context\nRUN cd /context && find . -type f | sort | sed s/^/SEEN/\nFROM first\nRUN false\n',
        'a.txt': '',
      },
      build: { noCache: true, target: 'first' },
      options: { labels: { 'org.opencontainers.image.title': 'a "web" of $HOME\\' } },
    });
    expect(told.failure).toBeUndefined();
    expect([...told.text.matchAll(/ SEEN(\S+)/g)].map(([, path]) => path)).toEqual([
      './Dockerfile',
      './a.txt',
    ]);
    const base = `http://${addresses.registry}/v2/${told.repository}`;
    const accept = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = await fetch(`${base}/manifests/1`, { headers: { accept } });
    const { config } = (await manifest.json()) as { config: { digest: string } };
    const blob = await (await fetch(`${base}/blobs/${config.digest}`)).json();
    expect((blob as { config: { Labels: object } }).config.Labels).toEqual({
      'org.opencontainers.image.title': 'a "web" of $HOME\\',
    });
  }, 60_000);

  it.concurrent('keeps secret arguments out of its log', async () => {
    const told = await scenario({
      files: { Dockerfile: 'FROM busybox:1.36\nARG KEY\nRUN echo "the key is $KEY"\n' },
      build: {
        noCache: true,
        arguments: [{ name: 'KEY', value: 'hunter2-hunter2', secret: true }],
      },
    });
    expect(told.text).toContain('the key is ***');
    expect(told.text).not.toContain('hunter2');
  }, 60_000);

  it.concurrent('that fails tells its step, and where', async () => {
    const told = await scenario({
      files: {
        Dockerfile: `FROM busybox:1.36\nRUN echo "no such table: ${Math.random()}" >&2 && exit 4\n`,
      },
    });
    expect(told.failure.message).toMatch(
      /^The build stopped at `RUN echo "no such table.*`, which ended with exit code 4/,
    );
    expect(told.failure.place).toEqual({ file: 'Dockerfile', line: 2 });
    expect(told.failure.details).toMatch(/no such table[\s\S]*Run ID: ca1 failed after/);
    expect(await digestOf(told.repository)).toBeNull();
  }, 60_000);

  it.concurrent.each<[string, RegExp, Rule | undefined, RegExp, string[]]>([
    [
      'while a run is asked for: the run is cancelled as soon as it is known',
      /^Sent 1 files/,
      { path: /scheduleRun/, fault: { kind: 'delay', beforeAnsweringMs: 700 } },
      /ACR was asked to stop run ca1/,
      ['Canceled'],
    ],
    [
      'while a run is asked for in vain: it is said',
      /^Sent 1 files/,
      { path: /scheduleRun/, fault: { kind: 'silence' } },
      /cancelled while a run was asked for/,
      [],
    ],
    [
      'and the cancellation is not answered: it is said how to do it',
      /^ACR builds it/,
      { path: /cancel/, fault: { kind: 'silence' } },
      /Whether run ca1 was cancelled is not known: .* `az acr task cancel-run --registry open --run-id ca1`/,
      ['Running'],
    ],
  ])('is cancelled %s', async (_, when, rule, said, runs) => {
    let abortedAt = 0;
    const told = await scenario({
      rules: rule === undefined ? [] : [rule],
      onText(text, stop) {
        if (abortedAt > 0 || !when.test(text)) return;
        abortedAt = performance.now();
        // The request has to be on its way.
        setTimeout(() => stop.abort(new Cancelled('SIGTERM')), 150);
      },
      arm: {
        build: ({ signal }) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(new Error('stopped'))),
          ),
      },
    });
    expect(told.failure).toBeInstanceOf(Cancelled);
    expect(told.text).toMatch(said);
    expect(told.runs).toEqual(runs);
    expect(performance.now() - abortedAt).toBeLessThan(7500);
  });

  it.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
    'is cancelled with its job by %s, at once',
    async (by) => {
      let [abortedAt, doneAt] = [0, 0];
      const told = await scenario({
        files: {
          Dockerfile: `FROM busybox:1.36\nRUN echo began && sleep 300 # ${Math.random()}\n`,
        },
        onText(text, stop) {
          if (abortedAt > 0 || !text.endsWith(' began')) return;
          abortedAt = performance.now();
          stop.abort(new Cancelled(by));
        },
        arm: {
          build: async (work) => {
            try {
              return await buildWithLab(lab)(work);
            } finally {
              doneAt = performance.now();
            }
          },
        },
      });
      expect(told.failure).toBeInstanceOf(Cancelled);
      expect(told.text).toContain('The build was cancelled: ACR was asked to stop run ca1.');
      const [cancel] = told.arm.requests.filter(({ path }) => path.endsWith('/runs/ca1/cancel'));
      expect(cancel?.status).toBe(200);
      const asked = told.proxy.requests.find(({ path }) => path.includes('/runs/ca1/cancel'));
      expect(asked).toBeDefined();
      for (let waited = 0; doneAt === 0 && waited < 50; waited++)
        await new Promise((resolve) => setTimeout(resolve, 100));
      expect(told.arm.runs.get('ca1')?.status).toBe('Canceled');
      expect(doneAt - abortedAt).toBeLessThan(7500);
    },
    60_000,
  );
});

describe('a bad day', () => {
  it.concurrent.each<[string, readonly Rule[]]>([
    [
      '429 when a run is asked for',
      [{ path: /scheduleRun/, which: { first: 1 }, fault: tooManyRequests({ retryAfter: 1 }) }],
    ],
    [
      '503 when a run is asked for',
      [{ path: /scheduleRun/, which: { first: 1 }, fault: serverError(503) }],
    ],
    [
      '429 for the place of the context',
      [{ path: /listBuildSource/, which: { first: 1 }, fault: tooManyRequests({ retryAfter: 1 }) }],
    ],
    [
      'an upload that is cut',
      [{ method: 'PUT', which: { first: 2 }, fault: { kind: 'resetUpload', afterBytes: 20 } }],
    ],
    [
      "an upload's answer that is lost",
      [{ method: 'PUT', which: { first: 1 }, fault: { kind: 'loseAnswer', as: 'reset' } }],
    ],
    [
      'an answer to a run asked for that is lost',
      [{ path: /scheduleRun/, which: { first: 1 }, fault: { kind: 'loseAnswer', as: 'reset' } }],
    ],
    [
      'an answer to a run asked for that becomes 502',
      [{ path: /scheduleRun/, which: { first: 1 }, fault: { kind: 'loseAnswer', as: 502 } }],
    ],
    [
      'an answer to a run asked for that is cut',
      [
        {
          path: /scheduleRun/,
          which: { first: 1 },
          fault: { kind: 'truncateAnswer', afterBytes: 'half' },
        },
      ],
    ],
    [
      'a log whose pieces are cut',
      [
        {
          path: /rawtext/,
          method: 'GET',
          which: { first: 2 },
          fault: { kind: 'truncateAnswer', afterBytes: 'half' },
        },
      ],
    ],
    [
      'a log whose pieces are reset',
      [
        {
          path: /rawtext/,
          method: 'GET',
          which: { first: 2 },
          fault: { kind: 'resetAnswer', afterBytes: 10 },
        },
      ],
    ],
    [
      'a log that storage does not give',
      [{ path: /rawtext/, method: 'GET', which: { first: 2 }, fault: serverError(500) }],
    ],
    [
      'a run of which nothing is told for a while',
      [{ path: /runs\/ca1\?/, which: { first: 3 }, fault: { kind: 'resetRequest' } }],
    ],
    [
      'a proxy that knows no ranges',
      [{ path: /rawtext/, fault: { kind: 'change', request: { headers: { range: undefined } } } }],
    ],
  ])(
    '%s: one run, the true digest, the whole log',
    async (_, rules) => {
      const told = await scenario({ rules });
      expect(told.failure).toBeUndefined();
      for (const rule of rules) expect(told.proxy.fired(rule)).toBeGreaterThan(0);
      expect(told.runs).toEqual(['Succeeded']);
      expect(told.built?.digest).toBe(await digestOf(told.repository));
      const log = told.text.slice(told.text.indexOf('Downloading source code'));
      expect(log.match(/Finished downloading source code/g)).toHaveLength(1);
      expect(log.match(/Run ID: ca1 was successful/g)).toHaveLength(1);
    },
    90_000,
  );

  it.concurrent('a block that is lost: it is sent again, not everything', async () => {
    const big = randomBytes(9_000_000).toString('base64');
    const told = await scenario({
      files: { Dockerfile: 'FROM busybox:1.36\nCOPY big /\nRUN sha256sum /big\n', big },
      rules: [
        {
          ...{ method: 'PUT', path: /comp=block&/, which: { nth: 1 } },
          fault: { kind: 'resetUpload', afterBytes: 1_000_000 },
        },
      ],
    });
    expect(told.failure).toBeUndefined();
    const sent = told.proxy.requests.filter(({ method }) => method === 'PUT');
    expect(sent.map(({ path }) => /blockid=\w+|blocklist/.exec(path)?.[0])).toEqual([
      ...['blockid=MDAwMDAw', 'blockid=MDAwMDAw', 'blockid=MDAwMDAx', 'blocklist'],
    ]);
    expect(told.text).toContain(createHash('sha256').update(big).digest('hex'));
  }, 60_000);

  it.concurrent('a signature that runs out: the log goes on with another', async () => {
    const told = await scenario({
      files: { Dockerfile: `FROM busybox:1.36\nRUN sleep 3 # ${Math.random()}\n` },
      arm: { sasSeconds: 2 },
    });
    expect(told.failure).toBeUndefined();
    expect(told.text.match(/Finished downloading source code/g)).toHaveLength(1);
    expect(told.text).toContain('Run ID: ca1 was successful');
    expect(told.arm.requests.filter(({ status }) => status === 403).length).toBeGreaterThan(0);
  }, 60_000);

  it.concurrent('a signature for the upload that is refused: another one once, then the reason', async () => {
    const told = await scenario({ arm: { sasSeconds: -1 } });
    expect(told.failure.message).toMatch(
      /does not let the build context be uploaded\. AuthenticationFailed: /,
    );
    expect(told.arm.requests.filter(({ path }) => path.endsWith('UploadUrl'))).toHaveLength(2);
  });

  it.concurrent('a lost answer to a request without a key: no second run', async () => {
    const told = await scenario({
      rules: [
        { path: /scheduleRun/, which: { first: 1 }, fault: { kind: 'loseAnswer', as: 'reset' } },
      ],
      options: { keyName: undefined },
    });
    expect(told.failure.message).toMatch(
      /whether it made one is not known\. Run ca1 \(\w+\) may be it/,
    );
    expect(told.runs).toHaveLength(1);
  }, 60_000);

  it.concurrent('a token that has ended: another one is asked for', async () => {
    let asked = 0;
    const told = await scenario({
      options: { token: async () => (++asked === 3 ? 'old' : testToken) },
    });
    expect(told.failure).toBeUndefined();
    expect(told.runs).toEqual(['Succeeded']);
  }, 60_000);
});

describe('a refusal', () => {
  it.concurrent('to tell of the run stops the run, which nobody would wait for', async () => {
    const right = (name: string) => `Microsoft.ContainerRegistry/registries/${name}/action`;
    const told = await scenario({
      arm: {
        actions: ['listBuildSourceUploadUrl', 'scheduleRun', 'runs/cancel'].map(right),
        build: ({ signal }) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(new Error('stopped'))),
          ),
      },
    });
    expect(told.failure.message).toContain(
      'lacks the action Microsoft.ContainerRegistry/registries/runs/read',
    );
    expect(told.runs).toEqual(['Canceled']);
  });

  it.concurrent.each<[string, Scenario, RegExp]>([
    [
      'tasks that are off',
      { registry: { name: 'free' } },
      /^Azure does not let subscription .* use ACR tasks\. .* Use another `builder`/,
    ],
    [
      'a missing right',
      {
        arm: {
          actions: ['Microsoft.ContainerRegistry/registries/listBuildSourceUploadUrl/action'],
        },
      },
      /lacks the action Microsoft\.ContainerRegistry\/registries\/scheduleRun\/action\. .*"Container Registry Tasks Contributor"/,
    ],
    [
      'a wrong registry',
      { registry: { name: 'none' } },
      /^Resource group lab has no registry none\./,
    ],
    ['a wrong group', { registry: { resourceGroup: 'none' } }, /has no resource group none\./],
    [
      'a wrong subscription',
      { registry: { subscription: '55555555-5555-4555-8555-555555555555' } },
      /knows no subscription 5555/,
    ],
    [
      'a subscription by its name',
      { registry: { subscription: 'dev' } },
      /^"dev" is not a subscription's id\./,
    ],
    [
      'a pool that is not there',
      { build: { agentPool: 'big' } },
      /^The registry open has no such agent pool\. The agent pool 'big' was not found\./,
    ],
    [
      'a token that is none',
      { options: { token: async () => 'x' } },
      /does not accept the token of this login\. The access token is invalid\./,
    ],
    [
      'two platforms',
      { build: { platforms: ['linux/amd64', 'linux/arm64'] } },
      /builds for one platform, not for linux\/amd64, linux\/arm64/,
    ],
  ])('for %s says what to do, and makes no run', async (_, given, message) => {
    const told = await scenario(given);
    expect(told.failure.message).toMatch(message);
    expect(told.runs).toEqual([]);
  });
});
