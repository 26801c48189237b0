import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readAction } from '../../../scripts/actions.ts';
import { silent } from '../../../shared/log/Log.ts';
import { readInputs } from './inputs.ts';

const workspace = mkdtempSync(join(tmpdir(), 'inputs-'));
afterAll(() => rmSync(workspace, { recursive: true }));
for (const [name, content] of Object.entries({
  Dockerfile: 'FROM scratch\n',
  'docker-bake.hcl': 'target "default" {}\n',
  'key.txt': 'file-of-hunters\n',
})) {
  writeFileSync(join(workspace, name), content);
}

const defaults = Object.fromEntries(
  Object.entries(readAction('build-push-image').inputs ?? {})
    .map(([name, input]) => [name, String(input.default ?? '')] as const)
    .filter(([, value]) => !value.includes('${{')),
);

/** What is wrong with these inputs, a sentence or two each; nothing when all is well. */
async function problemsOf(
  given: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const secrets = new Set<string>();
  const inputs = { ...defaults, image: 'r.io/web', ...given };
  try {
    await readInputs({
      env: {
        GITHUB_WORKSPACE: workspace,
        GITHUB_REPOSITORY: 'acme/web',
        GITHUB_REF: 'refs/heads/main',
        GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
        ...env,
        ...Object.fromEntries(
          Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
        ),
      },
      log: silent,
      signal: new AbortController().signal,
      tempDir: workspace,
      secrets,
      mask: (secret) => void secrets.add(secret),
      output() {},
      async summary() {},
      saveState() {},
      readState: () => undefined,
    });
    return [];
  } catch (error) {
    return error instanceof AggregateError ? error.errors.map(String) : [String(error)];
  }
}

describe('a build argument that repeats a secret of any other input', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['password', { username: 'u', password: 'hunter22' }, {}],
    ['azure-client-secret', { 'azure-client-secret': 'hunter22' }, {}],
    ['github-token', { 'github-token': 'hunter22' }, {}],
    ['secrets', { secrets: 'key=hunter22' }, {}],
    ['secret-envs', { 'secret-envs': 'key=KEY' }, { KEY: 'hunter22' }],
    ["the runner's own", {}, { ACTIONS_RUNTIME_TOKEN: 'hunter22' }],
  ])('%s', async (_, given, env) => {
    const problems = await problemsOf({ 'build-args': 'URL=https://u:hunter22@h', ...given }, env);
    const said = 'Input build-args: URL should be a secret: its value holds a secret';
    expect(problems).toContainEqual(expect.stringContaining(said));
    expect(problems.join()).not.toContain('hunter22');
  });

  it('in a file', async () => {
    const given = { 'build-args': 'URL=file-of-hunters', 'secret-files': 'key=key.txt' };
    expect(await problemsOf(given)).toEqual([expect.stringContaining('its value holds a secret')]);
  });

  it('in an override of a bake file', async () => {
    const given = { 'bake-file': 'docker-bake.hcl', 'bake-set': 'web.args.URL=u:hunter22@h' };
    expect(await problemsOf({ ...given, username: 'u', password: 'hunter22' })).toEqual([
      expect.stringContaining('Input bake-set: URL should be a secret: its value holds a secret'),
    ]);
  });

  it('is told without what the other arguments are', async () => {
    const problems = await problemsOf({ 'build-args': 'A=hunter22\nB' });
    expect(problems).toEqual([expect.stringContaining('"B" is not NAME=value')]);
    expect(problems.join()).not.toContain('hunter22');
  });
});

describe('a push of what has no tag', () => {
  const semver = { tags: 'type=semver,pattern={{version}}' };
  const said = 'Input tags: no line of it makes a tag for this event.';
  it.each<[string, Record<string, string>, string[]]>([
    ['is told before anything is built', semver, [said]],
    [
      'nor has it a name',
      { ...semver, image: '', push: 'true' },
      ['Input image is required and was not given.'],
    ],
    ['goes by its digest where outputs say so', { ...semver, outputs: 'type=image,push=true' }, []],
    ['is none where nothing is pushed', { ...semver, push: 'false' }, []],
  ])('%s', async (_, given, expected) => {
    const found = await problemsOf(given);
    expect(found).toEqual(expected.map((text) => expect.stringContaining(text)));
  });
});

describe('retention-days', () => {
  it.each(['30', '30d', '0', '12h'])('%s', async (days) => {
    expect(await problemsOf({ retention: 'plan', 'retention-days': days })).toEqual([]);
  });

  it.each(['soon', '-1', '30 d'])('%s is refused', async (days) => {
    expect(await problemsOf({ retention: 'plan', 'retention-days': days })).toEqual([
      expect.stringContaining('Input retention-days: is not a duration'),
    ]);
  });
});

describe('a pull request that gets no variables', () => {
  const fork = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_ACTOR: 'dependabot[bot]' };
  it.each<[Record<string, string>]>([
    [{ image: '/web' }],
    [{ image: '', images: '/web\n/api' }],
    [{ image: '', tags: '/web:1', push: 'true' }],
    [{ image: '/web', tags: 'type=sha\n/web:1' }],
  ])('builds without a name: %j', async (given) => {
    expect(await problemsOf(given, fork)).toEqual([]);
  });

  it('is still told what is wrong otherwise', async () => {
    expect(await problemsOf({ image: 'r.io/Web' }, fork)).toHaveLength(1);
  });
});

describe('what is wrong is told by what to do', () => {
  it.each<[Record<string, string>, string]>([
    [{ image: '/web' }, 'The registry before `/` is empty: set the variable that it comes from'],
    [{ platforms: 'linux/amd46' }, 'Did you mean linux/amd64?'],
    [{ platforms: 'linux' }, '"linux" is not a platform'],
  ])('%j', async (given, said) => {
    expect(await problemsOf(given)).toEqual([expect.stringContaining(said)]);
  });

  it.each(['linux/amd64', 'linux/arm/v7', 'linux/s390x', 'linux/newcpu', 'windows/amd64'])(
    'platform %s is right',
    async (platforms) => {
      expect(await problemsOf({ platforms })).toEqual([]);
    },
  );
});

/** Only what is wrong is told, not what follows from it. */
describe('one wrong input is one error', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each<[Record<string, string>]>([
    [{ image: '', load: 'ja' }],
    [{ image: '', outputs: 'x=y' }],
    [{ image: 'Bad', merge: digest }],
    [{ image: '', merge: digest }],
    [{ image: '', images: 'Bad x', merge: digest }],
    [{ image: 'Bad', promote: `r.io/web@${digest}` }],
    [{ image: 'Bad', retention: 'plan' }],
    [{ image: '', images: 'Bad x', retention: 'plan' }],
    [{ image: '', retention: 'plan' }],
    [{ tags: 'type=nope', promote: `r.io/web@${digest}` }],
    [{ 'cache-signing': 'key', 'cache-signing-key': 'x' }],
    [{ 'cache-signing': 'keyless', 'trusted-root': 'nowhere.json' }],
    [{ context: 'nowhere' }],
    [{ promote: '' }],
  ])('%j', async (inputs) => {
    expect(await problemsOf(inputs)).toHaveLength(1);
  });
});
