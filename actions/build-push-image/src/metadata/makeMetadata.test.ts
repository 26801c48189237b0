import { describe, expect, it } from '@jest/globals';
import { formatReference, parseReference } from '../../../../shared/oci/Reference.ts';
import { exampleEvent } from './exampleEvent.ts';
import { noFlavor } from './Flavor.ts';
import type { GitEvent } from './GitEvent.ts';
import { type Metadata, type MetadataRequest, makeMetadata } from './makeMetadata.ts';
import { readFlavor } from './readFlavor.ts';
import { readTagRules } from './readTagRules.ts';

const now = new Date('2020-01-10T00:30:00.000Z');
const sha = '860c1904a1ce19322e91ac35af1ab07466440c37';

function make(change: Partial<MetadataRequest>): Promise<Metadata> {
  return makeMetadata({
    images: [parseReference('r.io/app')],
    rules: undefined,
    flavor: noFlavor,
    labels: [],
    annotations: [],
    event: exampleEvent('refs/heads/master'),
    now,
    shortShaLength: 7,
    annotationLevels: ['manifest'],
    ...change,
  });
}

const branch = (name: string) => `refs/heads/${name}`;
const tag = (name: string) => `refs/tags/${name}`;

/** A row: the reference, the lines of `tags`, the tags; then the flavor and what else the event has. */
type Row = [
  ref: string,
  lines: string[],
  tags: string[],
  flavor?: string[],
  event?: Partial<GitEvent>,
];

async function expectTags(...[ref, lines, tags, flavor = [], event = {}]: Row): Promise<void> {
  const made = await make({
    rules: readTagRules(lines),
    flavor: readFlavor(flavor),
    event: exampleEvent(ref, event),
  });
  expect(made.tagNames).toEqual(tags);
  expect(made.version).toBe(tags[0]);
  expect(made.tags.map(formatReference)).toEqual(tags.map((name) => `r.io/app:${name}`));
}

const ref = ['type=ref,event=branch', 'type=ref,event=tag', 'type=ref,event=pr'];
const version = ['type=semver,pattern={{version}}', 'type=semver,pattern={{major}}.{{minor}}'];

describe('type=ref, edge, sha, schedule and raw', () => {
  it.each<Row>([
    ['refs/pull/2/merge', ref, ['pr-2']],
    ['refs/pull/2/head', ref, ['pr-2']],
    ['refs/pull/2/merge', ['type=ref,event=pr,prefix=review-'], ['review-2']],
    ['refs/pull/2/merge', ['type=ref,event=pr,prefix='], ['2']],
    ['refs/pull/2/merge', ['type=ref,event=branch', 'type=ref,event=tag'], []],
    [branch('master'), ref, ['master']],
    [branch('my/branch'), ref, ['my-branch']],
    [branch('releases/v1'), ref, ['releases-v1']],
    [branch('master'), ref, ['master'], [], { name: 'workflow_dispatch' }],
    [tag('v1.2.3'), ref, ['v1.2.3', 'latest']],
    [tag('v2.0.8-beta.67'), ref, ['v2.0.8-beta.67', 'latest']],
    [branch('master'), ['type=edge'], ['edge']],
    [branch('dev'), ['type=edge'], []],
    [branch('dev'), ['type=edge,branch=dev'], ['edge']],
    [branch('master'), ['type=edge,branch=dev'], []],
    [tag('master'), ['type=edge'], []],
    [branch('master'), ['type=sha'], ['sha-860c190']],
    [branch('master'), ['type=sha,format=long'], [`sha-${sha}`]],
    [branch('master'), ['type=sha,prefix=', 'type=sha,suffix=-x'], ['860c190', 'sha-860c190-x']],
    [branch('master'), ['type=sha'], [], [], { sha: undefined }],
    [branch('master'), ['type=schedule'], []],
    [branch('master'), ['type=schedule', ...ref], ['nightly', 'master'], [], { name: 'schedule' }],
    [
      branch('master'),
      ["type=schedule,pattern={{date 'YYYYMMDD'}}"],
      ['20200110'],
      [],
      { name: 'schedule' },
    ],
    [
      branch('master'),
      ["type=schedule,pattern={{date 'YYYYMMDD-HHmmss' tz='Asia/Tokyo'}}"],
      ['20200110-093000'],
      [],
      { name: 'schedule' },
    ],
    [branch('master'), ['type=raw,value=foo', 'type=raw,bar', 'baz'], ['foo', 'bar', 'baz']],
    [branch('master'), ['type=raw,value=', 'foo'], ['foo']],
    [branch('master'), ['foo', 'foo', 'type=raw,value=foo'], ['foo']],
    [branch('master'), ['type=raw,value=a b/c'], ['a-b-c']],
    [branch('master'), ['type=raw,value=mytag-{{branch}}-{{sha}}'], ['mytag-master-860c190']],
    [branch('my/dev'), ['type=sha,prefix={{branch}}-'], ['my-dev-860c190']],
  ])('%s %j', expectTags);
});

describe('type=semver', () => {
  it.each<Row>([
    [tag('v1.2.3'), ['type=semver,pattern={{raw}}'], ['v1.2.3', 'latest']],
    [tag('v1.2.3'), ['type=semver,pattern={{version}}'], ['1.2.3', 'latest']],
    [tag('v1.2.3'), ['type=semver,pattern={{major}}.{{minor}}'], ['1.2', 'latest']],
    [tag('v1.2.3'), ['type=semver,pattern=v{{major}}'], ['v1', 'latest']],
    [tag('v1.2.3'), ['type=semver,pattern={{minor}}'], ['2', 'latest']],
    [tag('v1.2.3'), ['type=semver,pattern={{patch}}'], ['3', 'latest']],
    [tag('v1.2.3'), version, ['1.2.3', '1.2', 'latest']],
    [tag('v1.2.3'), [...version, 'type=sha'], ['1.2.3', '1.2', 'sha-860c190', 'latest']],
    [
      tag('v0.1.2'),
      ['type=semver,pattern={{major}},enable=false', ...version],
      ['0.1.2', '0.1', 'latest'],
    ],
    [tag('v2.0.8-beta.67'), ['type=semver,pattern={{raw}}'], ['v2.0.8-beta.67']],
    [tag('v2.0.8-beta.67'), ['type=semver,pattern={{ raw }}'], ['v2.0.8-beta.67']],
    [tag('v2.0.8-beta.67'), ['type=semver,pattern={{version}}'], ['2.0.8-beta.67']],
    [tag('v2.0.8-beta.67'), ['type=semver,pattern={{major}}'], ['2.0.8-beta.67']],
    [tag('v2.0.8-beta.67'), version, ['2.0.8-beta.67']],
    // What comes first decides on `latest`: here a candidate, whatever the git tag would say.
    [tag('v2.0.8-beta.67'), [...version, ...ref], ['2.0.8-beta.67', 'v2.0.8-beta.67']],
    [tag('v9.5.7-a.2+fork.3'), ['type=semver,pattern={{version}}'], ['9.5.7-a.2']],
    [tag('v9.5.7-a.2+fork.3'), ['type=semver,pattern={{raw}}'], ['v9.5.7-a.2-fork.3']],
    [tag('v1.2'), version, []],
    [tag('sometag'), version, []],
    [branch('v1.2.3'), version, []],
    [branch('master'), ['type=semver,pattern={{version}},value=v1.0.0'], ['1.0.0', 'latest']],
    [branch('master'), ['type=semver,pattern={{version}},value='], []],
    [tag('v3.0.0'), ['type=semver,pattern={{version}},value='], ['3.0.0', 'latest']],
    [
      tag('p1/v1.2.3'),
      [String.raw`type=semver,pattern={{version}},match=v(\d.\d.\d)$`],
      ['1.2.3', 'latest'],
    ],
    [
      branch('master'),
      [String.raw`type=semver,pattern={{version}},value=p1/v1.0.0,match=v(\d.\d.\d)$`],
      ['1.0.0', 'latest'],
    ],
    [tag('p1/1.2.3'), [String.raw`type=semver,pattern={{version}},match=v(\d.\d.\d)$`], []],
    [
      tag('v1.2.3'),
      ['type=semver,pattern={{#if prerelease}}x{{else}}v{{major}}{{/if}}-{{branch}}{{tag}}'],
      ['v1-v1.2.3', 'latest'],
    ],
  ])('%s %j', expectTags);
});

describe('type=pep440', () => {
  const short = ['type=pep440,pattern={{major}}.{{minor}}'];
  it.each<Row>([
    [tag('1.2.3'), ['type=pep440,pattern={{raw}}'], ['1.2.3', 'latest']],
    [tag('1.2.3'), ['type=pep440,pattern={{version}}'], ['1.2.3', 'latest']],
    [tag('v1.2.3'), ['type=pep440,pattern={{version}}'], ['1.2.3', 'latest']],
    [tag('1.2.3'), short, ['1.2', 'latest']],
    [tag('v1.2.3'), [...short, 'type=pep440,pattern={{patch}}'], ['1.2', '3', 'latest']],
    [tag('1.2.3'), ['type=pep440,pattern=v{{major}}'], ['v1', 'latest']],
    [tag('v1.2.3rc2'), ['type=pep440,pattern={{raw}}'], ['v1.2.3rc2']],
    [tag('1.2.3rc2'), ['type=pep440,pattern={{version}}'], ['1.2.3rc2']],
    [tag('1.2.3rc2'), short, ['1.2.3rc2']],
    [tag('1.2.3post1'), short, ['1.2.3.post1']],
    [tag('1.2.3beta2'), short, ['1.2.3b2']],
    [tag('1.0dev4'), short, ['1.0.dev4']],
    [
      tag('p1/v1.2.3'),
      [String.raw`type=pep440,pattern={{version}},match=v(\d.\d.\d)$`],
      ['1.2.3', 'latest'],
    ],
    [tag('sometag'), short, []],
    [branch('master'), ['type=pep440,pattern={{version}},value=1.0.0'], ['1.0.0', 'latest']],
  ])('%s %j', expectTags);
});

describe('type=match', () => {
  it.each<Row>([
    [tag('v1.2.3'), [String.raw`type=match,pattern=\d.\d.\d`], ['1.2.3', 'latest']],
    [tag('v2.0.8-beta.67'), ['type=match,pattern=v(.*),group=1'], ['2.0.8-beta.67', 'latest']],
    [tag('v2.0.8-beta.67'), [String.raw`type=match,pattern=v(\d.\d),group=1`], ['2.0', 'latest']],
    [tag('20200110-RC2'), [String.raw`type=match,pattern=\d+`], ['20200110', 'latest']],
    [
      tag('p1/v1.2.3'),
      [String.raw`type=match,pattern=p1/v(\d.\d.\d),group=1`],
      ['1.2.3', 'latest'],
    ],
    [tag('20200110-RC2'), [String.raw`type=match,"pattern=\d{1,4}"`], ['2020', 'latest']],
    [tag('20200110-RC2'), ['type=match,pattern=/(.*)-rc\\d/i,group=1'], ['20200110', 'latest']],
    [tag('20200110-RC2'), ['type=match,pattern=/-(RC)?2/gy,group=0'], ['RC2', 'latest']],
    [tag('v1.2.3'), ['type=match,pattern=x(.*),group=1'], []],
    [tag('v1.2.3'), ['type=match,pattern=v(.*),group=2'], []],
    [branch('v1.2.3'), ['type=match,pattern=v(.*),group=1'], []],
    [branch('master'), ['type=match,pattern=v(.*),group=1,value=v1.0.0'], ['1.0.0', 'latest']],
  ])('%s %j', expectTags);
});

describe('priority, enable, flavor', () => {
  it.each<Row>([
    [
      tag('v2.0.8-beta.67'),
      [
        'type=match,"pattern=v(.*)-beta.(.*)",group=1',
        'type=match,"pattern=v(.*)-beta.(.*)",group=2',
      ],
      ['2.0.8', '67', 'latest'],
    ],
    [
      tag('v2.0.8-beta.67'),
      [
        'type=raw,priority=2000,foo',
        'type=semver,pattern={{version}}',
        'type=match,"pattern=\\d.\\d"',
      ],
      ['foo', '2.0.8-beta.67', '2.0'],
    ],
    [
      tag('v1.1.1'),
      ['type=raw,priority=2000,foo', 'type=ref,event=tag', 'type=edge'],
      ['foo', 'v1.1.1'],
    ],
    [
      tag('p1/v1.0.0'),
      [
        'type=match,pattern=p1/v(\\d.\\d.\\d),group=1',
        'type=match,pattern=p1/v(\\d.\\d),group=1,suffix=',
        'type=sha',
      ],
      ['1.0.0-dev', '1.0', 'sha-860c190-dev', 'latest'],
      ['suffix=-dev'],
    ],
    [
      tag('v1.1.1'),
      [
        'type=raw,{{tag}}-{{sha}}-foo',
        'type=raw,{{base_ref}}-foo',
        'type=raw,d,enable={{is_default_branch}}',
      ],
      ['v1.1.1-860c190-foo', 'master-foo'],
    ],
    [tag('v1.2.3'), ['type=sha', ...version], ['1.2.3', '1.2', 'sha-860c190', 'latest']],
    [tag('v1.2.3'), ['type=sha,priority=2000', ...version], ['sha-860c190', '1.2.3', '1.2']],
    [branch('master'), ['a,priority=1', 'b', 'c'], ['b', 'c', 'a']],
    [branch('master'), ['type=raw,value=latest,enable={{is_default_branch}}'], ['latest']],
    [branch('dev'), ['type=raw,value=latest,enable={{is_default_branch}}', 'b'], ['b']],
    [branch('dev'), ['type=raw,value=b,enable={{is_not_default_branch}}'], ['b']],
    [tag('v1.2.3'), ['type=raw,value=b,enable={{is_default_branch}}'], []],
    [branch('master'), ['a,enable=TRUE', 'b,enable=False'], ['a']],
    [branch('master'), ref, ['master', 'latest'], ['latest=true']],
    [tag('v1.2.3'), ref, ['v1.2.3'], ['latest=false']],
    [branch('master'), ['type=schedule'], [], ['latest=true']],
    [branch('master'), ref, ['foo-master'], ['prefix=foo-']],
    [branch('master'), ref, ['master-bar'], ['suffix=-bar']],
    [
      branch('master'),
      ['type=ref,event=branch,prefix=,suffix='],
      ['master'],
      ['prefix=a,onlatest=true', 'suffix=b'],
    ],
    ['refs/pull/2/merge', ref, ['pr-2-bar'], ['prefix=foo-', 'suffix=-bar']],
    [branch('master'), ['type=sha'], ['sha-860c190'], ['prefix=foo-']],
    [tag('v1.2.3'), version, ['foo-1.2.3', 'foo-1.2', 'latest'], ['prefix=foo-']],
    [tag('v1.2.3'), version, ['foo-1.2.3', 'foo-1.2', 'foo-latest'], ['prefix=foo-,onlatest=true']],
    [
      tag('v1.2.3'),
      ['type=semver,pattern={{version}}'],
      ['a-1.2.3-z', 'latest-z'],
      ['prefix=a-', 'suffix=-z,onlatest=true'],
    ],
    [branch('dev'), ref, ['dev-dev'], ['suffix=-{{branch}}']],
    ['refs/pull/2/merge', ['type=raw,value=from-{{base_ref}}'], ['from-master']],
    [tag('v1'), ['type=raw,value=from-{{base_ref}}'], ['from-master']],
    [branch('dev'), ['type=raw,value=from-{{base_ref}}'], ['from-']],
  ])('%s %j', expectTags);

  it.each<[string, Partial<GitEvent>, string[]]>([
    ['a schedule without a default branch', { name: 'schedule' }, ['on']],
    ['an issue', { name: 'issues' }, ['on']],
    ['a new branch, which is not the default one', { name: 'create' }, ['off']],
    ['a push', { name: 'push' }, ['off']],
  ])('is_default_branch where the payload names none: %s', async (_name, change, expected) => {
    const event = exampleEvent(branch('dev'), change);
    const repository = { ...event.repository, defaultBranch: undefined };
    const rules = readTagRules([
      'on,enable={{is_default_branch}}',
      'off,enable={{is_not_default_branch}}',
    ]);
    const { tagNames } = await make({ rules, event: { ...event, repository } });
    expect(tagNames).toEqual(expected);
  });
});

describe('names that are no tags', () => {
  it.each<[string, string[]]>([
    ['.hidden', ['hidden']],
    ['--push', ['push']],
    ['-', []],
    ['über/straße', ['ber-stra-e']],
    ['日本', []],
    ['a&b<c>"d"', ['a-b-c-d-']],
    ['$(touch x);`id`|y', ['touch-x-id-y']],
    ['x%0A::set-output name=a::b', ['x-0A-set-output-name-a-b']],
    ['x\n::error::y', ['x-error-y']],
    ['a:b@sha256', ['a-b-sha256']],
    ['{{log}}{{date}}', ['log-date-']],
    ['{{#each this}}x{{/each}}', ['each-this-x-each-']],
    ['../../etc', ['etc']],
    ['A_b.C-d', ['A_b.C-d']],
    ['\u202ereversed\u0000', ['reversed-']],
    ['b'.repeat(300), ['b'.repeat(128)]],
    [`${'b'.repeat(128)}/c`, ['b'.repeat(128)]],
  ])('branch %j', async (name, expected) => {
    const event = exampleEvent(branch(name));
    const made = await make({ rules: readTagRules(['type=ref,event=branch']), event });
    expect(made.tagNames).toEqual(expected);
    for (const one of made.tags) expect(parseReference(formatReference(one))).toEqual(one);
    for (const warning of made.warnings) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a warning may not hold
      expect(warning).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
      expect(warning.length).toBeLessThan(600);
    }
    const templated = await make({ rules: readTagRules(['type=raw,value=x-{{branch}}']), event });
    expect(templated.tagNames[0]).toMatch(/^x-[\w.-]{0,126}$/);
  });

  it('tells what was cut, and what is not for a version', async () => {
    const long = await make({
      rules: readTagRules(ref),
      event: exampleEvent(branch('b'.repeat(300))),
    });
    expect(long.warnings).toEqual([expect.stringMatching(/longer than the 128 characters/)]);
    const none = await make({ rules: readTagRules(version), event: exampleEvent(tag('v1.2')) });
    expect(none.warnings).toEqual([
      'v1.2 is not a semantic version: no tag by type=semver,pattern={{version}}.',
      'v1.2 is not a semantic version: no tag by type=semver,pattern={{major}}.{{minor}}.',
      'No line of `tags` makes a tag for this event.',
    ]);
  });
});

describe('whole references', () => {
  it('stand for themselves, beside the tags of the images', async () => {
    const made = await make({
      images: [parseReference('r.io/app'), parseReference('mirror.io/app')],
      rules: readTagRules([
        'other.io/web:{{branch}}',
        'acme/web:1.2,localhost:5000/x:y',
        'stable',
        'r.io/app:stable',
      ]),
      event: exampleEvent(branch('feature/x')),
    });
    expect(made.tags.map(formatReference)).toEqual([
      'r.io/app:stable',
      'mirror.io/app:stable',
      'other.io/web:feature-x',
      'docker.io/acme/web:1.2',
      'localhost:5000/x:y',
    ]);
    expect(made.tagNames).toEqual(['stable']);
    expect(made.version).toBe('stable');
  });

  it('give the version where there is nothing else, and no latest', async () => {
    const made = await make({
      rules: readTagRules(['r.io/app:1.4']),
      flavor: readFlavor(['latest=true']),
    });
    expect(made.version).toBe('1.4');
    expect(made.tags.map(formatReference)).toEqual(['r.io/app:1.4']);
  });
});

describe('without lines', () => {
  it.each<[string, string[], string | undefined, string[]]>([
    [branch('feature/Map_1'), [], 'feature-Map_1', [sha, '860c1904', 'feature-Map_1']],
    [tag('v1.2.3'), [], 'v1.2.3', [sha, '860c1904', 'v1.2.3']],
    ['refs/pull/7/merge', [], 'pr-7', [sha, '860c1904', 'pr-7']],
    ['', [], sha, [sha, '860c1904']],
    [
      branch('main'),
      ['latest=true', 'prefix=p-'],
      'p-main',
      [`p-${sha}`, 'p-860c1904', 'p-main', 'latest'],
    ],
  ])('%s %j', async (name, flavor, expectedVersion, expected) => {
    const made = await make({ flavor: readFlavor(flavor), event: exampleEvent(name) });
    expect(made.tagNames).toEqual(expected);
    expect(made.version).toBe(expectedVersion);
  });
});

const key = (name: string) => `org.opencontainers.image.${name}`;
const labels = {
  [key('created')]: '2020-01-10T00:30:00.000Z',
  [key('description')]: 'This your first repo!',
  [key('licenses')]: 'MIT',
  [key('revision')]: sha,
  [key('source')]: 'https://github.com/octocat/Hello-World',
  [key('title')]: 'Hello-World',
  [key('url')]: 'https://github.com/octocat/Hello-World',
  [key('version')]: 'master',
};

describe('labels', () => {
  it.each<[string, string[], Record<string, string | undefined>]>([
    ['what the event knows', [], {}],
    ['one that is overridden', [`${key('title')}=Mine`], { [key('title')]: 'Mine' }],
    ['one that is taken away', [`${key('licenses')}=`], { [key('licenses')]: undefined }],
    ['one without a value', ['empty='], { empty: '' }],
    ['one without =', ['bare'], { bare: '' }],
    ['an = in the value', ['a=b=c'], { a: 'b=c' }],
    ['expressions, without HTML', ['a={{branch}} & <{{sha}}>'], { a: 'master & <860c190>' }],
    [
      'the date of the commit',
      [`${key('created')}={{commit_date 'YYYY-MM-DDTHH:mm:ss.SSS[Z]'}}`],
      { [key('created')]: '2019-12-31T22:00:00.000Z' },
    ],
    ['braces that are meant', ['a=\\{{x}}{{sha}}'], { a: '{{x}}860c190' }],
    ['the later of two', ['a=1', 'a=2'], { a: '2' }],
    [
      'a name that objects have',
      ['__proto__=x', 'constructor=y'],
      JSON.parse('{"__proto__":"x","constructor":"y"}'),
    ],
  ])('%s', async (_name, lines, change) => {
    const event = exampleEvent(branch('master'), {
      commitDate: new Date('2020-01-01T00:00:00+02:00'),
    });
    const made = await make({ rules: readTagRules(ref), labels: lines, event });
    const expected = Object.entries(labels).concat(Object.entries(change) as [string, string][]);
    const kept = [...new Map(expected)].filter(([, value]) => value !== undefined);
    expect(Object.entries(made.labels)).toEqual(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
  });

  it('leaves out what the event does not know, and breaks no line', async () => {
    const event = exampleEvent(branch('master'), { sha: undefined });
    const repository = { ...event.repository, licence: undefined, description: 'a\r\nb=c' };
    const made = await make({
      rules: readTagRules(['type=edge']),
      event: { ...event, repository },
    });
    expect(Object.keys(made.labels)).not.toContain(key('licenses'));
    expect(Object.keys(made.labels)).not.toContain(key('revision'));
    expect(made.labels[key('description')]).toBe('a b=c');
  });
});

describe('annotations', () => {
  it('stand at each level, and at their own where they name it', async () => {
    const made = await make({
      rules: readTagRules(ref),
      annotations: [
        `${key('title')}=Mine`,
        'index:only={{branch}}',
        'manifest[linux/arm64],index:here=1',
        `${key('url')}=`,
      ],
      annotationLevels: ['manifest', 'index'],
    });
    const { [key('url')]: _url, ...rest } = { ...labels, [key('title')]: 'Mine' };
    const at = (level: string) =>
      Object.entries(rest).map(([name, value]) => `${level}:${name}=${value}`);
    expect(made.annotations).toEqual([
      ...at('manifest'),
      ...at('index'),
      'index:only=master',
      'manifest[linux/arm64],index:here=1',
    ]);
  });
});

describe('json', () => {
  it("has the shape of docker/metadata-action's", async () => {
    const made = await make({ rules: readTagRules(version), event: exampleEvent(tag('v1.2.3')) });
    const json = JSON.parse(made.json);
    expect(Object.keys(json)).toEqual(['tags', 'tag-names', 'labels', 'annotations']);
    expect(json.tags).toEqual(['r.io/app:1.2.3', 'r.io/app:1.2', 'r.io/app:latest']);
    expect(json['tag-names']).toEqual(['1.2.3', '1.2', 'latest']);
    expect(json.labels).toEqual({ ...labels, [key('version')]: '1.2.3' });
    expect(json.annotations).toContain(`manifest:${key('version')}=1.2.3`);
  });
});

describe('lines that are wrong once the event is known', () => {
  it.each<[Partial<MetadataRequest>, string]>([
    [
      { rules: readTagRules(['a,enable={{is_tag}}']) },
      'Input tags: line "a,enable={{is_tag}}": there is no expression {{is_tag}} here. There are date,',
    ],
    [
      { rules: readTagRules(['a,enable={{is_defalt_branch}}']) },
      'there is no expression {{is_defalt_branch}} here. Did you mean {{is_default_branch}}?',
    ],
    [
      { rules: readTagRules(['a,enable={{branch}}']) },
      'Input tags: line "a,enable={{branch}}": enable=master is not known. Write one of true, false.',
    ],
    [
      { rules: readTagRules(['a,enable={{tag}}']) },
      'Input tags: line "a,enable={{tag}}": enable= is empty.',
    ],
    [
      { rules: readTagRules(['type=raw,value={{verson}}']) },
      'Input tags: line "type=raw,value={{verson}}": there is no expression {{verson}} here.',
    ],
    [
      { labels: ['a={{ branch'] },
      'Input labels: line "a={{ branch": its expressions cannot be read:',
    ],
    [
      { annotations: ['a={{nope}}'] },
      'Input annotations: line "a={{nope}}": there is no expression {{nope}} here.',
    ],
    [
      { rules: readTagRules(['r.io/web:{{branch}}']), event: exampleEvent(branch('ü')) },
      'Input tags: line "r.io/web:{{branch}}": "r.io/web:ü" is not a reference:',
    ],
  ])('%#', async (change, message) => {
    await expect(make(change)).rejects.toThrow(message);
  });
});
