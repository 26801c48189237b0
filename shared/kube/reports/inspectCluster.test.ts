import { describe, expect, it } from '@jest/globals';
import { Failure } from '../../failure/Failure.ts';
import type { ReportKind } from './ClusterReport.ts';
import {
  digestOf,
  hoursAgo,
  type Lists,
  now,
  pod,
  report,
  TestCluster,
  vulnerabilityReport,
} from './fixtures/testCluster.ts';
import { type ClusterEffects, inspectCluster } from './inspectCluster.ts';
import { runningImages } from './runningImages.ts';

const group = '/apis/aquasecurity.github.io/v1alpha1';
const pods = '/api/v1/namespaces/apps/pods';
const vulnerabilities = `${group}/namespaces/apps/vulnerabilityreports`;
const audits = `${group}/namespaces/apps/configauditreports`;
const secrets = `${group}/namespaces/apps/exposedsecretreports`;
const standards = `${group}/clustercompliancereports`;
const a = digestOf('a');
const web = pod('web', `acme.io/web@${a}`);

function inspect(
  lists: Lists | TestCluster,
  kinds: readonly ReportKind[] = ['vulnerability'],
  effects: ClusterEffects = {},
) {
  const cluster = lists instanceof TestCluster ? lists : new TestCluster(lists);
  const query = { namespaces: ['apps'], kinds: new Set(kinds), maxAgeMs: 24 * 3_600_000 };
  return inspectCluster(cluster, query, { now: () => now, ...effects });
}

describe('images that run', () => {
  it('are judged by the report of their digest', async () => {
    const seen = await inspect({
      [pods]: [web],
      [vulnerabilities]: [vulnerabilityReport('web', a, ['CVE-1'])],
    });
    expect(seen.gaps).toEqual([]);
    expect(seen.subject).toBe('namespace apps of https://api');
    expect(seen.findings).toMatchObject([
      {
        id: 'CVE-1',
        subject: { path: 'apps/Deployment/web/app/usr/lib/x', image: `acme.io/web@${a}` },
      },
    ]);
    expect(seen.scannedAt).toEqual(new Date(hoursAgo(5)));
    expect(seen.facts.map(({ value }) => value)).toEqual([
      '1 image in 1 workload',
      '1, the oldest of 2026-11-24 07:00 UTC',
    ]);
  });

  it.each<[string, object[], object[], string]>([
    [
      'no report',
      [web],
      [],
      'No vulnerability report is about what runs in apps/Deployment/web (app)',
    ],
    [
      'a report of another digest',
      [web],
      [vulnerabilityReport('web', digestOf('b'))],
      'No vulnerability report is about what runs in apps/Deployment/web (app)',
    ],
    [
      'a report without a digest',
      [web],
      [vulnerabilityReport('web', undefined)],
      'The vulnerability report does not say which image it has seen in apps/Deployment/web (app)',
    ],
    [
      "another workload's report from before the pod",
      [web],
      [vulnerabilityReport('api', a, [], 11)],
      'The vulnerability report is older than what runs in apps/Deployment/web (app)',
    ],
    [
      'a report that is too old',
      [web],
      [vulnerabilityReport('web', a, [], 25)],
      'The vulnerability report is too old for apps/Deployment/web (app)',
    ],
    [
      'a report of no known shape',
      [web],
      [{ kind: 'X', metadata: { name: 'y' } }],
      'X y is of a shape',
    ],
    [
      'no content that is known',
      [pod('web', '')],
      [],
      'Which images run in apps/Deployment/web (app)',
    ],
    ['nothing that runs', [], [vulnerabilityReport('web', a)], 'Nothing runs there'],
  ])('with %s are a gap', async (_, running, reports, said) => {
    const { gaps } = await inspect({ [pods]: running, [vulnerabilities]: reports });
    expect(gaps.map(({ what }) => what)[0]).toContain(said);
    expect(gaps[0]?.remedy).toEqual(expect.any(String));
  });

  it.each<[string, object[], object[]]>([
    [
      "the controller's report from before a pod that was made anew",
      [pod('web', `acme.io/web@${a}`, 1)],
      [vulnerabilityReport('web', a)],
    ],
    ["another workload's younger report", [web], [vulnerabilityReport('api', a)]],
    [
      'two of which one is too old',
      [web],
      [vulnerabilityReport('web', a, [], 30), vulnerabilityReport('api', a)],
    ],
  ])('are covered by %s', async (_, running, reports) => {
    expect((await inspect({ [pods]: running, [vulnerabilities]: reports })).gaps).toEqual([]);
  });

  it('keep what an old report has found', async () => {
    const old = vulnerabilityReport('web', a, ['CVE-1'], 30);
    const { gaps, findings } = await inspect({ [pods]: [web], [vulnerabilities]: [old] });
    expect([gaps.length, findings.length]).toEqual([1, 1]);
  });

  it('count once for all pods of a workload, and for each workload', async () => {
    const { findings } = await inspect({
      [pods]: [web, web, pod('api', `acme.io/web@${a}`)],
      [vulnerabilities]: [
        vulnerabilityReport('web', a, ['CVE-1']),
        vulnerabilityReport('api', a, ['CVE-1']),
      ],
    });
    expect(findings.map(({ subject }) => subject.path)).toEqual([
      'apps/Deployment/web/app/usr/lib/x',
      'apps/Deployment/api/app/usr/lib/x',
    ]);
  });

  it('are told apart from those of workloads that are gone', async () => {
    const { findings, notices, gaps } = await inspect({
      [pods]: [web],
      [vulnerabilities]: [
        vulnerabilityReport('web', a),
        vulnerabilityReport('old', digestOf('c'), ['CVE-9']),
      ],
    });
    expect([findings, gaps]).toEqual([[], []]);
    expect(notices).toEqual([
      'Left out: 1 vulnerability report of workloads that no longer run (apps/replicaset-old-7d4-app).',
    ]);
  });

  it('that are many are named in the details', async () => {
    const running = [...'abcdefg'].map((letter) => pod(letter, `acme.io/x@${a}`));
    const [gap] = (await inspect({ [pods]: running, [vulnerabilities]: [] })).gaps;
    expect(gap?.what).toContain('apps/Deployment/e (app) and 2 more');
    expect(gap?.details?.split('\n')).toHaveLength(7);
  });

  it('are known by the digests that their registry tells', async () => {
    const asked: string[] = [];
    const lists = {
      [pods]: [web, pod('api', `acme.io/api@${digestOf('d')}`)],
      [vulnerabilities]: [
        vulnerabilityReport('web', digestOf('b'), ['CVE-1']),
        vulnerabilityReport('api', digestOf('d')),
      ],
    };
    const { gaps, findings } = await inspect(lists, ['vulnerability'], {
      otherDigests: async ({ repository }) => {
        asked.push(repository);
        return [digestOf('b')];
      },
    });
    expect([gaps, findings.length, asked]).toEqual([[], 1, ['web']]);
    const refused = await inspect(lists, ['vulnerability'], {
      otherDigests: async () => {
        throw new Failure({ what: 'acme.io refuses.' });
      },
    });
    expect(refused.gaps).toHaveLength(1);
    expect(refused.notices[0]).toContain(`acme.io/web@${a} could not be asked: acme.io refuses.`);
  });
});

describe('what cannot be listed', () => {
  it.each<[string, Lists, readonly string[]]>([
    [
      'reports without a definition',
      { [pods]: [web] },
      ['The cluster has no vulnerabilityreports.aquasecurity.github.io'],
    ],
    [
      'reports that are forbidden',
      { [pods]: [web], [vulnerabilities]: 403 },
      ['user may not list vulnerabilityreports.aquasecurity.github.io in the namespace apps'],
    ],
    [
      'pods that are forbidden',
      { [pods]: 403, [vulnerabilities]: [vulnerabilityReport('web', a, ['CVE-1'])] },
      ['user may not list pods in the namespace apps'],
    ],
    [
      'a server that fails',
      { [pods]: [web], [vulnerabilities]: 500 },
      ['could not be listed in the namespace apps (500)'],
    ],
  ])('is a gap: %s', async (_, lists, said) => {
    const { gaps, findings, notices } = await inspect(lists);
    expect(gaps.map(({ what }) => what)).toEqual(said.map((text) => expect.stringContaining(text)));
    expect([findings, notices]).toEqual([[], []]);
  });

  it('names the right that is missing', async () => {
    const { gaps } = await inspect({ [pods]: [web], [vulnerabilities]: 403 });
    expect(gaps[0]?.remedy).toBe(
      'Bind it to a Role with the verb `list` on vulnerabilityreports of the API group "aquasecurity.github.io".',
    );
  });

  it('is thrown when it is a defect of ours', async () => {
    const broken = { server: '', get: () => Promise.reject(new TypeError('of ours')) };
    const query = { namespaces: 'all', kinds: new Set<ReportKind>(), maxAgeMs: undefined } as const;
    await expect(inspectCluster(broken, query)).rejects.toThrow('of ours');
  });
});

describe('lists', () => {
  const lists = {
    [pods]: [web, web, web, web, web],
    [vulnerabilities]: [vulnerabilityReport('web', a)],
  };

  it('are read page by page', async () => {
    const cluster = new TestCluster(lists);
    expect((await inspect(cluster)).gaps).toEqual([]);
    expect(cluster.asked.filter((path) => path.startsWith(pods))).toHaveLength(3);
  });

  it.each([
    [2, 0],
    [3, 1],
  ])('whose cursor expires %d times leave %d gaps', async (times, gaps) => {
    const cluster = new TestCluster(lists);
    cluster.expired = times;
    expect((await inspect(cluster)).gaps).toHaveLength(gaps);
  });

  it('of the whole cluster are not asked for by namespace', async () => {
    const cluster = new TestCluster({
      '/api/v1/pods': [web],
      [`${group}/vulnerabilityreports`]: [vulnerabilityReport('web', a)],
    });
    const query = { namespaces: 'all', kinds: new Set(['vulnerability' as const]) } as const;
    const seen = await inspectCluster(cluster, { ...query, maxAgeMs: undefined });
    expect([seen.subject, seen.gaps]).toEqual(['cluster https://api', []]);
  });
});

describe('audits of configurations', () => {
  const checks = [
    { checkID: 'KSV001', severity: 'HIGH', success: false, title: 'T' },
    { checkID: 'KSV002', severity: 'HIGH', success: true },
  ];
  const audit = (name: string, hours = 5) => report('ConfigAuditReport', name, hours, { checks });
  const service = {
    ...audit('x'),
    metadata: {
      name: 'service-x',
      namespace: 'apps',
      creationTimestamp: hoursAgo(1),
      ownerReferences: [{ kind: 'Service', name: 'x', uid: 'svc' }],
    },
  };

  it('are of the workloads that run, and of what runs nothing', async () => {
    const seen = await inspect({ [pods]: [web], [audits]: [audit('web'), audit('old'), service] }, [
      'misconfiguration',
    ]);
    expect(seen.findings.map(({ subject }) => subject.path)).toEqual([
      'apps/Deployment/web',
      'apps/Service/x',
    ]);
    expect(seen.gaps).toEqual([]);
    expect(seen.notices).toEqual([expect.stringContaining('1 audit of workloads')]);
  });

  it.each([
    [[], 'No audit of the configuration is about what runs in apps/Deployment/web'],
    [[audit('web', 25)], 'The audit of the configuration is too old for apps/replicaset-web'],
  ])('that are not there, or old, are a gap: %#', async (reports, said) => {
    const { gaps } = await inspect({ [pods]: [web], [audits]: reports }, ['misconfiguration']);
    expect(gaps.map(({ what }) => what)).toEqual([expect.stringContaining(said)]);
  });
});

describe('several kinds', () => {
  it('are judged each by its own reports', async () => {
    const secret = { target: '/.env', ruleID: 'key', severity: 'CRITICAL', match: 'hunter2' };
    const seen = await inspect(
      {
        [pods]: [web],
        [vulnerabilities]: [vulnerabilityReport('web', a)],
        [secrets]: [
          report('ExposedSecretReport', 'web', 5, { artifact: { digest: a }, secrets: [secret] }),
        ],
        [standards]: [],
      },
      ['vulnerability', 'secret', 'compliance'],
    );
    expect(seen.findings).toMatchObject([
      { kind: 'secret', subject: { path: 'apps/Deployment/web/app/.env' } },
    ]);
    expect(JSON.stringify(seen)).not.toContain('hunter2');
    expect(seen.gaps.map(({ what }) => what)).toEqual([
      'No compliance report is about what runs in the cluster.',
    ]);
  });

  it('tell of an end of life, and of controls for people', async () => {
    const old = vulnerabilityReport('web', a) as { report: object };
    const os = { family: 'debian', name: '9.1', eosl: true };
    const seen = await inspect(
      {
        [pods]: [web],
        [vulnerabilities]: [{ ...old, report: { ...old.report, os } }],
        [standards]: [
          {
            metadata: { name: 'cis', creationTimestamp: hoursAgo(2) },
            spec: { compliance: { controls: [{ id: '5.1', name: 'Ask' }] } },
            status: { updateTimestamp: hoursAgo(1), detailReport: { results: [] } },
          },
        ],
      },
      ['vulnerability', 'compliance'],
    );
    expect(seen.gaps).toEqual([]);
    expect(seen.system).toEqual({ family: 'debian', name: '9.1', endOfLife: true });
    expect(seen.notices).toEqual([
      expect.stringContaining('debian 9.1 is at its end of life'),
      '1 control of cis only people can check: 5.1 Ask.',
    ]);
  });
});

describe('an operator that leaves findings out', () => {
  const settings = '/api/v1/namespaces/trivy-system/configmaps/trivy-operator-trivy-config';
  const lists = { [pods]: [web], [vulnerabilities]: [vulnerabilityReport('web', a)] };
  const needs = { severities: new Set(['CRITICAL', 'MEDIUM'] as const), unfixed: true };

  async function said(data: object | undefined, given: typeof needs | undefined = needs) {
    const cluster = new TestCluster(lists);
    const api = {
      server: cluster.server,
      get: async <T>(path: string) =>
        path === settings && data !== undefined ? ({ data } as T) : cluster.get<T>(path),
    };
    const kinds = new Set(['vulnerability' as const]);
    const query = { namespaces: ['apps'], kinds, maxAgeMs: undefined, needs: given };
    const { gaps, notices } = await inspectCluster(api, query, { now: () => now });
    return [...gaps.map(({ what }) => what), ...notices].join(' ');
  }

  it.each<[string, object | undefined, typeof needs, string]>([
    ['nothing', {}, needs, ''],
    ['no severity', { 'trivy.severity': 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL' }, needs, ''],
    ['a severity', { 'trivy.severity': 'CRITICAL, HIGH' }, needs, 'not report findings of MEDIUM'],
    ['what has no fix', { 'trivy.ignoreUnfixed': 'true' }, needs, 'findings without a fix'],
    ['what does not count', { 'trivy.ignoreUnfixed': 'true' }, { ...needs, unfixed: false }, ''],
    ['single ones', { 'trivy.ignorePolicy.apps': 'x' }, needs, 'its own trivy.ignorePolicy.apps'],
    ['what is not known', undefined, needs, 'is not known: its settings'],
  ])('%s', async (_, data, given, expected) => {
    const text = await said(data, given);
    if (expected === '') expect(text).toBe('');
    else expect(text).toContain(expected);
  });
});

describe('the images that run', () => {
  it('are listed once each, with what runs them', async () => {
    const cluster = new TestCluster({
      [pods]: [web, pod('api', `acme.io/web@${a}`), pod('db', digestOf('d')), pod('x', '')],
    });
    const images = await runningImages(cluster, ['apps', 'apps']);
    expect(
      images.map(({ digest, reference, name, containers }) => [
        digest,
        reference?.repository,
        name,
        containers.map(({ workload }) => workload.name),
      ]),
    ).toEqual([
      [a, 'web', 'acme.io/web:1', ['web', 'api']],
      [digestOf('d'), undefined, 'acme.io/db:1', ['db']],
    ]);
  });

  it('that cannot be listed are a failure', async () => {
    await expect(runningImages(new TestCluster({ [pods]: 403 }), ['apps'])).rejects.toThrow(
      "The kubeconfig's user may not list pods in the namespace apps.",
    );
  });
});
