import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { actionNames, readAction, repositoryName, root } from './actions.ts';
import { checkExample, type Known, workflowsIn } from './checkExamples.ts';
import { readNeeds } from './readNeeds.ts';

const files = readdirSync(join(root, 'workflows-examples')).filter((name) => name.endsWith('.yml'));
const readmes = ['README.md', ...actionNames().map((name) => `actions/${name}/README.md`)];
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const known: Known = {
  repository: repositoryName(),
  actions: Object.fromEntries(actionNames().map((name) => [name, readAction(name)])),
  needs: Object.fromEntries(
    actionNames().map((name) => [name, readNeeds(read(`actions/${name}/README.md`))]),
  ),
};

describe('the examples', () => {
  it.each(files)('%s uses what the actions have', (file) => {
    expect(checkExample(read(`workflows-examples/${file}`), known)).toEqual([]);
  });

  it.each(readmes)('%s shows a workflow, and it uses what the actions have', (file) => {
    const workflows = workflowsIn(read(file));
    expect(workflows.length).toBeGreaterThan(0);
    for (const workflow of workflows) expect(checkExample(workflow, known)).toEqual([]);
  });
});

const checkout = 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd';
const good = `
permissions: {contents: read}
jobs:
  image:
    outputs: {reference: "\${{ steps.build.outputs.reference }}"}
    steps:
      - uses: ${checkout} # v6.0.2
      - id: build
        uses: ${known.repository}/actions/build-push-image@v1
        with: {image: r.io/web}
      - uses: ${known.repository}/actions/helm-deploy@v1
        with: {chart: chart, release: web}
  deploy:
    steps:
      - run: echo \${{ needs.image.outputs.reference }}
`;

describe('checkExample', () => {
  it('finds nothing wrong with what is right', () => {
    expect(checkExample(good, known)).toEqual([]);
  });

  it.each([
    [
      'an unknown input',
      'image: r.io/web',
      'image: r.io/web, tag: x',
      'build-push-image has no input tag',
    ],
    ['a missing input', ', release: web', '', 'helm-deploy: the required input release is missing'],
    [
      'an unknown output',
      'outputs.reference }}"',
      'outputs.image }}"',
      'build-push-image has no output image',
    ],
    ['an unknown step', 'steps.build.', 'steps.built.', 'job image has no step built'],
    [
      'an unknown output of a job',
      'needs.image.outputs.reference',
      'needs.image.outputs.ref',
      'job image has no output ref',
    ],
    [
      'a moving tag of others',
      `${checkout} # v6.0.2`,
      'actions/checkout@v6',
      'actions/checkout@v6 is not pinned',
    ],
    [
      'a commit without its version',
      ' # v6.0.2',
      '',
      'is not pinned by its commit, with the version',
    ],
    ['another owner', known.repository, 'someone/else', `our repository is ${known.repository}`],
    ['an action that is not there', 'build-push-image@v1', 'build@v1', 'there is no such action'],
    ['another version of ours', '@v1', '@main', 'examples use v1'],
    ['no permissions', 'permissions: {contents: read}', '', 'job image: no permissions are set'],
    [
      'a secret that nobody explains',
      'image: r.io/web',
      `image: "\${{ secrets.HOST }}"`,
      'the secret HOST is explained in no comment',
    ],
    [
      'a secret where none is meant to be',
      'image: r.io/web',
      `image: "\${{ secrets.HOST }}"`,
      'build-push-image: the input image takes no secret',
    ],
  ])('finds %s', (_name, from, to, expected) => {
    expect(good).toContain(from);
    expect(checkExample(good.replace(from, to), known).join('\n')).toContain(expected);
  });
});

describe('what an action needs of GitHub', () => {
  const readme = [
    '<!-- permissions -->',
    '| Permission | When | Why |',
    '| --- | --- | --- |',
    '| `packages: write` | always | pushes |',
    '| `id-token: write` | with `push` | logs in |',
    '<!-- /permissions -->',
  ].join('\n');
  const needing = { ...known, needs: { 'build-push-image': readNeeds(readme) } };
  const withPermissions = (permissions: string, inputs = '') =>
    good
      .replace('{contents: read}', permissions)
      .replace('image: r.io/web', `image: r.io/web${inputs}`);

  it.each([
    ['{contents: read}', '', ['packages: write']],
    ['{packages: read}', '', ['packages: write']],
    ['{packages: write}', '', []],
    ['{packages: write}', ', push: true', ['id-token: write']],
    ['{packages: write, id-token: write}', ', push: true', []],
    ['read-all', '', ['packages: write']],
    ['write-all', ', push: true', []],
  ])('%s%s', (permissions, inputs, missing) => {
    expect(checkExample(withPermissions(permissions, inputs), needing)).toEqual(
      missing.map((need) => `job image: build-push-image needs the permission ${need}`),
    );
  });

  it('is said in a table that can be read', () => {
    expect(() => readNeeds('# An action')).toThrow('has no <!-- permissions -->');
    expect(() => readNeeds(readme.replace('always', 'often'))).toThrow('not a row of permissions');
  });
});
