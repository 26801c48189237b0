import { describe, expect, it } from '@jest/globals';
import { type GitHubOptions, startGitHub } from '../../test/lab/doubles/github.ts';
import { Failure } from '../failure/Failure.ts';
import { type Http, httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { sarif } from '../report/sarif/sarif.ts';
import type { Inspection } from '../verdict/Inspection.ts';
import { judge } from '../verdict/judge.ts';
import { askGitHub } from './askGitHub.ts';
import { closeIssue } from './closeIssue.ts';
import type { GitHub } from './GitHub.ts';
import { marker } from './marker.ts';
import { uploadSarif } from './uploadSarif.ts';
import { upsertComment } from './upsertComment.ts';
import { upsertIssue } from './upsertIssue.ts';

const sha = 'e'.repeat(40);
const hour = new Date('2026-11-24T12:00:00Z');
const key = 'trivy-gate web';

/** The double, and a client that tells how long it waits instead of waiting. */
async function start(options: Partial<GitHubOptions> = {}, more: Partial<GitHub> = {}) {
  const double = await startGitHub({
    repositories: [
      {
        fullName: 'acme/web',
        pulls: [{ number: 7, headSha: sha, headRef: 'topic', baseRef: 'main', baseSha: sha }],
      },
    ],
    tokens: {
      all: { issues: 'write', 'pull-requests': 'write', 'security-events': 'write' },
      fork: { issues: 'read', 'pull-requests': 'read' },
      app: { permissions: { 'pull-requests': 'write' }, login: 'acme-gate[bot]' },
    },
    now: () => hour,
    ...options,
  });
  const waits: number[] = [];
  const said: string[] = [];
  const tell = (text: string) => said.push(text);
  const github: GitHub = {
    http: httpClient({ env: {}, log: silent }),
    apiUrl: double.url,
    token: 'all',
    repository: 'acme/web',
    log: { ...silent, info: tell, notice: tell, warning: tell },
    now: () => hour.getTime(),
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
    ...more,
  };
  const [pull] = double.repository('acme/web').issues;
  if (pull === undefined) throw new Error('There is no pull request.');
  return {
    ...double,
    double,
    github,
    waits,
    said,
    pull,
    asked: (method: string) => double.requests.filter((request) => request.method === method),
    [Symbol.asyncDispose]: () => double[Symbol.asyncDispose](),
  };
}

/** A network that loses some answers, after the server has done what it was asked. */
function losing(http: Http, lost: (method: string, url: string) => boolean): Http {
  return async (request) => {
    const answer = await http(request);
    if (!lost(request.method ?? 'GET', request.url)) return answer;
    throw new Failure({ what: 'No answer.', why: 'The connection was reset.' });
  };
}

const comment = (body: string, number = 7) => ({ number, key, body });

describe('a comment', () => {
  it('is written once and then updated in place', async () => {
    await using lab = await start();
    const { github, pull } = lab;
    expect(await upsertComment(github, comment('first'))).toMatchObject({
      kind: 'created',
      url: expect.stringContaining('#issuecomment-'),
    });
    expect((await upsertComment(github, comment('second'))).kind).toBe('updated');
    expect((await upsertComment(github, comment('second'))).kind).toBe('unchanged');
    expect((await upsertComment(github, { ...comment('other'), key: 'b' })).kind).toBe('created');
    expect(pull.comments.map(({ body }) => body)).toEqual([
      `${marker(key)}\nsecond`,
      `${marker('b')}\nother`,
    ]);
  });

  it('is found behind hundreds of others', async () => {
    await using lab = await start();
    for (let at = 0; at < 230; at++) {
      const body = at === 215 ? `${marker(key)}\nold` : `comment ${at}`;
      lab.pull.comments.push({ id: at + 1, body, createdAt: '', updatedAt: '' });
    }
    expect((await upsertComment(lab.github, comment('new'))).kind).toBe('updated');
    expect(lab.pull.comments[215]?.body).toContain('new');
  });

  it.each([
    ['of somebody else', `${marker(key)}\nx`, 'mallory'],
    ['that quotes ours', `> quoted\n${marker(key)}`, undefined],
    ['of another gate', `${marker(`${key}2`)}\nx`, undefined],
  ])('%s is not touched', async (_, body, author) => {
    await using lab = await start();
    lab.pull.comments.push({
      id: 1,
      body,
      ...(author && { author }),
      createdAt: '',
      updatedAt: '',
    });
    expect((await upsertComment(lab.github, comment('ours'))).kind).toBe('created');
    expect(lab.pull.comments[0]?.body).toBe(body);
  });

  it('is told from those of another app', async () => {
    await using lab = await start();
    await upsertComment(lab.github, comment('by the job'));
    const app = { ...lab.github, token: 'app' };
    expect((await upsertComment(app, comment('by the app'))).kind).toBe('created');
    expect((await upsertComment(app, comment('again'))).kind).toBe('updated');
    expect(lab.pull.comments.map(({ author }) => author)).toEqual([undefined, 'acme-gate[bot]']);
  });

  it('that is too long is cut, and says so', async () => {
    await using lab = await start();
    await upsertComment(lab.github, comment('line\n'.repeat(20_000)));
    const [written] = lab.pull.comments;
    expect(written?.body.length).toBeLessThanOrEqual(65_536);
    expect(written?.body).toMatch(/line\n\n\*The rest was left out/);
  });

  it('of a pull request of a fork is a notice', async () => {
    await using lab = await start({}, { token: 'fork' });
    const { kind } = await upsertComment(lab.github, comment('x'));
    expect(kind).toBe('denied');
    expect(lab.said.at(-1)).toMatch(
      /permission issues: write or pull-requests: write\. Pull requests of forks/,
    );
  });

  it.each([
    ['of a pull request that is not there', {}, 8, 'Not Found'],
    ['of another repository', { repository: 'acme/secret' }, 7, 'Not Found'],
  ])('%s is denied', async (_, more, number, why) => {
    await using lab = await start({}, more);
    expect(await upsertComment(lab.github, comment('x', number))).toMatchObject({
      kind: 'denied',
      why: expect.stringContaining(why),
    });
  });

  it('of a conversation that is locked is denied', async () => {
    await using lab = await start();
    lab.pull.locked = true;
    expect(await upsertComment(lab.github, comment('x'))).toMatchObject({
      kind: 'denied',
      why: expect.stringContaining('Unlock the conversation.'),
    });
  });

  it('with a token that is none fails', async () => {
    await using lab = await start({}, { token: 'wrong' });
    await expect(upsertComment(lab.github, comment('x'))).rejects.toThrow(
      /\(401\).*Bad credentials/,
    );
  });

  it.each([0, 1, 2])('whose answer is lost %d times is written once', async (times) => {
    await using lab = await start();
    let left = times;
    const http = losing(lab.github.http, (method, url) => {
      return method === 'POST' && url.endsWith('/comments') && left-- > 0;
    });
    const made = await upsertComment({ ...lab.github, http }, comment('x'));
    expect(made.kind).toBe('created');
    expect(lab.pull.comments).toHaveLength(1);
  });

  it('that never arrived is sent again', async () => {
    await using lab = await start();
    let down = 1;
    const http: Http = (request) =>
      request.method === 'POST' && request.url.endsWith('/comments') && down-- > 0
        ? Promise.resolve({ status: 502, headers: {}, body: Buffer.from('<html>') })
        : lab.github.http(request);
    expect((await upsertComment({ ...lab.github, http }, comment('x'))).kind).toBe('created');
    expect(lab.pull.comments).toHaveLength(1);
  });
});

describe('an issue', () => {
  const issue = { key, label: 'trivy-gate', title: 'web has 2 findings', body: 'two' };
  const written = (lab: Awaited<ReturnType<typeof start>>) =>
    lab.repository('acme/web').issues.filter(({ pull }) => pull === undefined);

  it('is opened, updated, closed when fixed, and opened again', async () => {
    await using lab = await start();
    const kinds = [
      await upsertIssue(lab.github, issue),
      await upsertIssue(lab.github, issue),
      await upsertIssue(lab.github, { ...issue, title: 'web has 3', body: 'three' }),
      await closeIssue(lab.github, { ...issue, body: 'fixed' }),
      await closeIssue(lab.github, { ...issue, body: 'fixed' }),
      await upsertIssue(lab.github, issue),
    ].map(({ kind }) => kind);
    expect(kinds).toEqual(['created', 'unchanged', 'updated', 'closed', 'unchanged', 'updated']);
    expect(written(lab)).toMatchObject([
      { state: 'open', title: issue.title, labels: ['trivy-gate'], body: `${marker(key)}\ntwo` },
    ]);
  });

  it('that is fixed before it was ever opened is nothing', async () => {
    await using lab = await start();
    expect(await closeIssue(lab.github, { ...issue, body: 'fixed' })).toEqual({
      kind: 'unchanged',
      url: undefined,
    });
    expect(written(lab)).toEqual([]);
  });

  it('whose answer is lost is opened once', async () => {
    await using lab = await start();
    let left = 1;
    const http = losing(lab.github.http, (method, url) => {
      return method === 'POST' && url.endsWith('/issues') && left-- > 0;
    });
    expect((await upsertIssue({ ...lab.github, http }, issue)).kind).toBe('created');
    expect(written(lab)).toHaveLength(1);
  });

  it('of somebody else stays, and a hostile title is one line', async () => {
    await using lab = await start();
    await upsertIssue(lab.github, issue);
    const [first] = written(lab);
    Object.assign(first ?? {}, { author: 'mallory' });
    await upsertIssue(lab.github, { ...issue, title: `::error::\n${'x'.repeat(500)}` });
    expect(written(lab)).toHaveLength(2);
    expect(written(lab)[1]?.title).toMatch(/^::error:: x{200,}…$/);
  });

  it('without the right is a notice', async () => {
    await using lab = await start({}, { token: 'fork' });
    expect((await upsertIssue(lab.github, issue)).kind).toBe('denied');
    expect(lab.said.at(-1)).toContain('permission issues: write');
  });
});

describe('code scanning', () => {
  const seen: Inspection = { subject: 'web', findings: [], gaps: [], notices: [], facts: [] };
  const policy = { severities: new Set(['CRITICAL'] as const), ignoreUnfixed: false };
  const { text } = sarif(
    {
      ...seen,
    },
    {
      ...judge(seen, policy),
      counted: [
        {
          kind: 'vulnerability',
          id: 'CVE-1',
          severity: 'CRITICAL',
          title: 'bad',
          subject: { name: 'a', version: '1', purl: undefined, path: undefined },
          fix: undefined,
          url: undefined,
        },
      ],
    },
    { tool: 'Trivy gate', category: 'web', waived: 'left out' },
  );
  const upload = { sarif: text, commitSha: sha, ref: 'refs/heads/main' };
  const repository = (more: object) => ({
    repositories: [
      {
        fullName: 'acme/web',
        pulls: [{ number: 7, headSha: sha, headRef: 'a', baseRef: 'b', baseSha: sha }],
        ...more,
      },
    ],
  });

  it('takes what we write, and is waited for', async () => {
    await using lab = await start(repository({ sarifPendingPolls: 3 }));
    expect((await uploadSarif(lab.github, upload)).kind).toBe('complete');
    expect(lab.waits).toEqual([1000, 2000, 4000, 8000]);
    expect(lab.repository('acme/web').sarifs).toMatchObject([
      { commitSha: sha, ref: 'refs/heads/main', errors: [], sarif: JSON.parse(text) },
    ]);
  });

  it('that takes long goes on without us', async () => {
    await using lab = await start(repository({ sarifPendingPolls: 100 }));
    expect((await uploadSarif(lab.github, { ...upload, patienceMs: 10_000 })).kind).toBe('pending');
  });

  it('that is not enabled is a notice with the remedy', async () => {
    await using lab = await start(repository({ codeScanning: false }));
    expect((await uploadSarif(lab.github, upload)).kind).toBe('denied');
    expect(lab.said.at(-1)).toContain('Enable code scanning in the settings');
  });

  it('without the right is a notice', async () => {
    await using lab = await start({}, { token: 'fork' });
    expect((await uploadSarif(lab.github, upload)).kind).toBe('denied');
    expect(lab.said.at(-1)).toContain('security-events: write');
  });

  it.each([
    [
      'what is no SARIF',
      { ...upload, sarif: '{"version":"2.1.0","runs":[{}]}' },
      /could not process it\. Invalid SARIF/,
    ],
    ['what is no JSON', { ...upload, sarif: 'x' }, /\(400\).*JSON syntax error/],
    ['what is no commit', { ...upload, commitSha: 'main' }, /\(422\)/],
  ])('refuses %s', async (_, given, message) => {
    await using lab = await start();
    await expect(uploadSarif(lab.github, given)).rejects.toThrow(message);
  });

  it('whose answer is lost gets it again', async () => {
    await using lab = await start();
    let left = 1;
    const http = losing(lab.github.http, (method) => method === 'POST' && left-- > 0);
    expect((await uploadSarif({ ...lab.github, http }, upload)).kind).toBe('complete');
  });
});

describe('limits of GitHub', () => {
  const list = { path: '/repos/acme/web/issues' };
  it.each([
    [
      'secondary, with a time',
      { kind: 'secondary', status: 403, retryAfter: 30, times: 1 },
      [31_000],
    ],
    [
      'secondary, as too many',
      { kind: 'secondary', status: 429, retryAfter: 5, times: 2 },
      [6000, 6000],
    ],
    ['secondary, without a time', { kind: 'secondary', status: 403, times: 2 }, [60_000, 120_000]],
    ['primary, with a time', { kind: 'primary', status: 429, retryAfter: 60, times: 1 }, [61_000]],
  ] as const)('%s: waits, also to create', async (_, fault, waits) => {
    await using lab = await start();
    lab.limit(fault);
    const answer = await askGitHub(lab.github, {
      method: 'POST',
      path: '/repos/acme/web/issues',
      body: { title: 'x' },
    });
    expect(answer.status).toBe(201);
    expect(lab.waits).toEqual(waits);
    expect(lab.said[0]).toContain('GitHub limits how often it is asked');
  });

  it('primary, until the hour is over: not waited for when that is long', async () => {
    await using lab = await start({ hourly: 1 });
    await askGitHub(lab.github, list);
    await expect(askGitHub(lab.github, list)).rejects.toThrow(/come back in 61 minutes/);
    const soon = { ...lab.github, now: () => hour.getTime() + 3_590_000 };
    await expect(askGitHub(soon, list)).rejects.toThrow(/limits/);
    expect(lab.waits[0]).toBe(11_000);
  });
});

describe('asking', () => {
  it('tries again what is safe, and says so', async () => {
    await using lab = await start();
    let down = 2;
    const http: Http = (request) =>
      down-- > 0
        ? Promise.resolve({ status: 503, headers: {}, body: Buffer.from('') })
        : lab.github.http(request);
    const { status } = await askGitHub({ ...lab.github, http }, { path: '/repos/acme/web/issues' });
    expect(status).toBe(200);
    expect(lab.waits).toEqual([1000, 2000]);
    expect(lab.said[0]).toContain('is tried again (1): it answered 503');
  });

  it('does not try again what creates', async () => {
    await using lab = await start();
    const http = losing(lab.github.http, () => true);
    const create = {
      method: 'POST',
      path: '/repos/acme/web/issues',
      body: { title: 'x' },
    } as const;
    await expect(askGitHub({ ...lab.github, http }, create)).rejects.toThrow('No answer');
    expect(lab.asked('POST')).toHaveLength(1);
  });

  it('speaks to an Enterprise Server below its folder, to GraphQL beside it', async () => {
    await using lab = await start();
    const github = { ...lab.github, apiUrl: `${lab.url}/api/v3/` };
    expect((await upsertComment(github, comment('x'))).kind).toBe('created');
    expect(lab.requests.map(({ path }) => path)).toEqual([
      '/api/graphql',
      '/api/v3/repos/acme/web/issues/7/comments',
      '/api/v3/repos/acme/web/issues/7/comments',
    ]);
  });

  it('gives the token to no other server', async () => {
    await using lab = await start();
    const asked = askGitHub(lab.github, { path: 'https://evil.example/issues?page=2' });
    await expect(asked).rejects.toThrow(/another server/);
    expect(lab.requests).toEqual([]);
  });
});
