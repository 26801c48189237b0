import { describe, expect, it } from '@jest/globals';
import { httpClient } from '../../../../shared/http/request.ts';
import { silent } from '../../../../shared/log/Log.ts';
import { exampleFinding } from '../../../../shared/verdict/fixtures.ts';
import { type GitHub as Double, startGitHub } from '../../../../test/lab/doubles/github.ts';
import { componentResults } from './componentResults.ts';
import { digestOf, exampleComponent, exampleScanned } from './fixtures.ts';
import { keepIssues } from './keepIssues.ts';

const bad = { findings: [exampleFinding()] };
const unseen = { gaps: [{ what: 'The registry did not answer.' }] };

async function start(level: 'read' | 'write' = 'write') {
  const double = await startGitHub({
    repositories: [{ fullName: 'acme/web' }],
    tokens: { job: { issues: level } },
  });
  const said: string[] = [];
  const github = {
    http: httpClient({ env: {}, log: silent }),
    ...{ apiUrl: double.url, token: 'job', repository: 'acme/web' },
    log: {
      ...silent,
      info: (text: string) => said.push(text),
      notice: (text: string) => said.push(text),
    },
  };
  const run = (
    all: Readonly<Record<string, object | undefined>>,
    { listed = true, category = 'c1' } = {},
  ) => {
    const names = Object.keys(all);
    const letters = 'abcdef';
    const results = componentResults(
      names.map((name, at) =>
        exampleComponent({
          name,
          images: new Set(all[name] === undefined ? [] : [digestOf(letters[at] ?? '')]),
          unknown: all[name] === undefined ? [`${name} (app)`] : [],
        }),
      ),
      names.flatMap((name, at) =>
        all[name] === undefined ? [] : [exampleScanned(letters[at] ?? '', all[name])],
      ),
    );
    const url = 'https://github.com/acme/web/actions/runs/1';
    return keepIssues(github, results, { category, url, isListed: () => listed });
  };
  return { double, run, said, [Symbol.asyncDispose]: () => double[Symbol.asyncDispose]() };
}

const shown = (double: Double) =>
  double.repository('acme/web').issues.map(({ title, state }) => [title, state]);

describe('issues of components', () => {
  it('are opened once, closed when mended, and opened again', async () => {
    await using lab = await start();
    await lab.run({ 'apps/web': bad, 'apps/fine': {} });
    await lab.run({ 'apps/web': bad, 'apps/fine': {} });
    const title = 'apps/web runs with 1 CRITICAL';
    expect(shown(lab.double)).toEqual([[title, 'open']]);
    expect(lab.double.repository('acme/web').issues[0]?.labels).toEqual(['trivy-gate']);
    await lab.run({ 'apps/web': {} });
    expect(shown(lab.double)).toEqual([[title, 'closed']]);
    expect(lab.double.repository('acme/web').issues[0]?.body).toContain('nothing counts');
    await lab.run({ 'apps/web': bad });
    expect(shown(lab.double)).toEqual([[title, 'open']]);
  });

  it.each([
    ['could not be judged', unseen, 'The registry did not answer.'],
    ['has not started', undefined, 'Not seen: apps/web (app)'],
  ])('stay open, and say so, when the component %s', async (_, seen, said) => {
    await using lab = await start();
    await lab.run({ 'apps/web': bad });
    await lab.run({ 'apps/web': seen });
    await lab.run({ 'apps/web': seen });
    const [issue] = lab.double.repository('acme/web').issues;
    expect([issue?.state, issue?.body?.split(said).length]).toEqual(['open', 2]);
    expect(issue?.body).toContain('CVE-2021-44906');
    await lab.run({ 'apps/web': bad });
    expect(issue?.body).not.toContain('is not known');
  });

  it('are not opened for what could not be judged', async () => {
    await using lab = await start();
    await lab.run({ 'apps/web': unseen });
    expect(shown(lab.double)).toEqual([]);
  });

  it('are closed when the component is gone, and only then', async () => {
    await using lab = await start();
    await lab.run({ 'apps/web': bad });
    await lab.run({}, { listed: false });
    await lab.run({}, { category: 'c2' });
    expect(shown(lab.double)[0]?.[1]).toBe('open');
    await lab.run({});
    expect(shown(lab.double)[0]?.[1]).toBe('closed');
    expect(lab.double.repository('acme/web').issues[0]?.body).toContain('runs any more');
  });

  it('of two clusters are two', async () => {
    await using lab = await start();
    await lab.run({ 'apps/web': bad });
    await lab.run({ 'apps/web': bad }, { category: 'c2' });
    expect(shown(lab.double)).toHaveLength(2);
  });

  it('of somebody else are not touched', async () => {
    await using lab = await start();
    await lab.run({ 'apps/web': bad });
    const [issue] = lab.double.repository('acme/web').issues;
    Object.assign(issue ?? {}, { author: 'mallory' });
    await lab.run({ 'apps/web': {} });
    expect(issue?.state).toBe('open');
  });

  it('need a right, and its lack is said once', async () => {
    await using lab = await start('read');
    await lab.run({ 'apps/web': bad });
    expect(lab.said.filter((text) => text.includes('issues: write'))).toHaveLength(1);
    expect(shown(lab.double)).toEqual([]);
  });
});
