import { describe, expect, it } from '@jest/globals';
import { buildkitCommand } from './buildkitCommand.ts';
import { createArguments } from './createArguments.ts';
import { explainForeign, foreignPlatforms, metForeign } from './emulation.ts';
import { explainCreate } from './explainCreate.ts';
import { explainStart } from './explainStart.ts';
import { parseInspection } from './inspectBuilder.ts';
import { readFlag } from './readFlag.ts';
import { readWish, type Wish } from './readWish.ts';

describe('readWish', () => {
  it.each<[string | undefined, Record<string, string>, Wish]>([
    [undefined, {}, { kind: 'current' }],
    [undefined, { BUILDX_BUILDER: 'big' }, { kind: 'named', name: 'big' }],
    [
      undefined,
      { BUILDKIT_HOST: 'tcp://b:1', BUILDX_BUILDER: 'big' },
      { kind: 'address', address: 'tcp://b:1' },
    ],
    ['big', { BUILDKIT_HOST: 'tcp://b:1' }, { kind: 'named', name: 'big' }],
    ['unix:///b.sock', {}, { kind: 'address', address: 'unix:///b.sock' }],
    ['docker-container://b', {}, { kind: 'address', address: 'docker-container://b' }],
    ['start', {}, { kind: 'start', options: {} }],
    ['started', {}, { kind: 'named', name: 'started' }],
    [
      'start?root=/cache/b&rootless=true',
      {},
      { kind: 'start', options: { root: '/cache/b', rootless: 'true' } },
    ],
    ['docker-container', {}, { kind: 'docker-container', options: {} }],
    [
      'docker-container?image=r.io/buildkit:1',
      {},
      { kind: 'docker-container', options: { image: 'r.io/buildkit:1' } },
    ],
    ['kubernetes', {}, { kind: 'kubernetes', options: {} }],
    ['kubernetes://', {}, { kind: 'kubernetes', options: {} }],
    ['kubernetes://builds', {}, { kind: 'kubernetes', options: { namespace: 'builds' } }],
    [
      'kubernetes://builds?replicas=2&limits.memory=4Gi&nodeselector=a=b,c=d',
      {},
      {
        kind: 'kubernetes',
        options: {
          namespace: 'builds',
          replicas: '2',
          'limits.memory': '4Gi',
          nodeselector: 'a=b,c=d',
        },
      },
    ],
  ])('%s', (wanted, env, expected) => {
    expect(readWish(wanted, env)).toEqual(expected);
  });

  it('names the option that was meant', () => {
    expect(() => readWish('kubernetes?replica=2', {})).toThrow(
      'Input builder: "replica" is not an option of kubernetes. Did you mean replicas?',
    );
  });
});

describe('readFlag', () => {
  it.each([
    [{}, undefined],
    [{ rootless: 'true' }, true],
    [{ rootless: 'false' }, false],
  ])('%j', (options, expected) => expect(readFlag(options, 'rootless')).toBe(expected));

  it('refuses anything else', () => {
    expect(() => readFlag({ rootless: 'yes' }, 'rootless')).toThrow('neither true nor false');
  });
});

const all = { canCacheExport: true, canAttest: true, canMultiPlatform: true };
const none = { canCacheExport: false, canAttest: false, canMultiPlatform: false };

/** As buildx 0.38 prints them (of an engine 29 for docker's), shortened. */
describe('parseInspection', () => {
  it.each([
    [
      'a remote BuildKit',
      `Name:          r
Driver:        remote
Last Activity: 2026-11-24 23:22:42 +0000 UTC

Nodes:
Name:             r0
Endpoint:         unix:///run/b.sock
Status:           running
BuildKit version: v0.34.2
Platforms:        linux/amd64, linux/amd64/v2, linux/arm64*
Labels:
 org.mobyproject.buildkit.worker.executor:         oci
`,
      {
        name: 'r',
        driver: 'remote',
        error: undefined,
        platforms: ['linux/amd64', 'linux/amd64/v2', 'linux/arm64'],
        ...all,
      },
    ],
    [
      "docker's own",
      `Name:   default
Driver: docker

Nodes:
Name:             default
Endpoint:         default
Status:           running
BuildKit version: v0.23.0
Platforms:        linux/amd64
`,
      { name: 'default', driver: 'docker', error: undefined, platforms: ['linux/amd64'], ...none },
    ],
    [
      "docker's own, with images in containerd",
      `Name:   default
Driver: docker

Nodes:
Name:             default
Status:           running
Platforms:        linux/amd64
Labels:
 org.mobyproject.buildkit.worker.snapshotter: overlayfs
`,
      { name: 'default', driver: 'docker', error: undefined, platforms: ['linux/amd64'], ...all },
    ],
    [
      'no docker',
      `Name:   default
Driver: 
Error:  failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct
`,
      {
        name: 'default',
        driver: '',
        error:
          'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct',
        platforms: undefined,
        ...none,
      },
    ],
    [
      'one that has not been started',
      `Name:   big
Driver: docker-container

Nodes:
Name:     big0
Endpoint: unix:///var/run/docker.sock
Status:   inactive
`,
      { name: 'big', driver: 'docker-container', error: undefined, platforms: undefined, ...all },
    ],
  ])('%s', (_name, text, expected) => expect(parseInspection(text)).toEqual(expected));
});

describe('buildkitCommand', () => {
  const programs = { buildkitd: '/b/buildkitd', runc: '/b/runc', setpriv: '/b/setpriv' };
  const plan = { folder: '/t', root: '/t/root', config: undefined, processSandbox: true };
  const places = [
    ...['--addr', 'unix:///t/buildkitd.sock', '--root', '/t/root'],
    ...['--otel-socket-path', '/t/otel.sock'],
    ...['--oci-worker=true', '--containerd-worker=false', '--oci-worker-binary', '/b/runc'],
  ];
  it.each([
    [
      'root',
      { ...programs, unshare: '/b/unshare' },
      plan,
      [
        ...['/b/unshare', '--kill-child=KILL', '--pid', '--mount-proc', '--fork'],
        ...['/b/buildkitd', ...places],
      ],
    ],
    [
      'somebody else',
      { ...programs, rootlesskit: '/b/rootlesskit' },
      { ...plan, config: '/w/buildkitd.toml' },
      [
        ...['/b/rootlesskit', '--state-dir', '/t/rootlesskit', '--pidns'],
        ...['/b/buildkitd', '--config', '/w/buildkitd.toml', ...places],
      ],
    ],
    [
      'somebody else in a container',
      { ...programs, rootlesskit: '/b/rootlesskit' },
      { ...plan, processSandbox: false },
      [
        ...['/b/rootlesskit', '--state-dir', '/t/rootlesskit'],
        ...['/b/buildkitd', ...places, '--oci-worker-no-process-sandbox'],
      ],
    ],
  ])('%s', (_name, found, planned, expected) => {
    expect(buildkitCommand(found, planned)).toEqual({
      program: '/b/setpriv',
      args: ['--pdeathsig', 'KILL', ...expected],
    });
  });
});

describe('createArguments', () => {
  it('quotes what has a comma, for buildx reads CSV', () => {
    expect(
      createArguments('kubernetes', 'n', {
        replicas: '2',
        nodeselector: 'a=b,c=d',
        config: '/w/b.toml',
      }),
    ).toEqual([
      ...['create', '--bootstrap', '--name', 'n', '--driver', 'kubernetes'],
      ...['--buildkitd-config', '/w/b.toml'],
      ...['--driver-opt', 'replicas=2', '--driver-opt', '"nodeselector=a=b,c=d"'],
    ]);
  });
});

describe('explainStart', () => {
  const warning = 'time="1" level=warning msg="CDI setup error /etc/cdi: permission denied"\n';
  it.each([
    ['root', 'unshare: unshare failed: Operation not permitted', true, /may not make namespaces/],
    ['a user', 'fork/exec /proc/self/exe: permission denied', false, /does not let its users/],
    [
      'no range of ids',
      'failed to setup UID/GID map: no subuid ranges found for user 1001 ("runner")',
      false,
      /no range of user ids/,
    ],
    ['a root in use', 'buildkitd: could not lock /c/buildkitd.lock', true, /Another BuildKit/],
    ['a masked /proc', 'mounting "proc" to /proc: operation not permitted', false, /\/proc/],
    ['a full disk', 'mkdir /x: no space left on device', true, /disk is full/],
    ['something new', 'the moon is full', true, /It says: the moon is full\./],
  ])('%s', (_name, log, root, why) => {
    const parts = explainStart(warning + log, root);
    expect(parts.why).toMatch(why);
    expect(parts.remedy).toMatch(/\.$/);
  });

  it('has words for silence', () => {
    expect(explainStart('', true).why).toBe('It says: nothing.');
  });
});

describe('explainCreate', () => {
  it.each([
    [
      'ERROR: deployments.apps is forbidden: User "system:serviceaccount:a:b" cannot create resource "deployments" in API group "apps" in the namespace "builds"',
      /^The user system:serviceaccount:a:b may not create deployments in the namespace builds\.$/,
    ],
    ['ERROR: namespaces "builds" not found', /^There is no namespace builds\.$/],
    ['ERROR: expected 1 replicas to be ready, got 0', /did not become ready/],
    ['ERROR: invalid driver option foo', /^invalid driver option foo\.$/],
    ['', /said nothing/],
  ])('%s', (output, why) => {
    const parts = explainCreate('kubernetes', output);
    expect(parts.what).toBe('A builder (kubernetes) could not be made.');
    expect(parts.why).toMatch(why);
  });
});

describe('emulation', () => {
  const offered = ['linux/amd64', 'linux/amd64/v2', 'linux/386'];
  it.each([
    [['linux/amd64'], offered, []],
    [['linux/amd64', 'linux/arm64'], offered, ['linux/arm64']],
    [['linux/arm64/v8'], ['linux/arm64'], []],
    [['linux/arm'], ['linux/arm/v7'], []],
    [['linux/arm64'], undefined, []],
    [['local'], offered, []],
  ])('%j on %j', (wanted, runs, expected) => {
    expect(foreignPlatforms(wanted, runs)).toEqual(expected);
  });

  it('is recognized in what the build said, and says what helps', () => {
    expect(metForeign('#5 0.1 exec /bin/sh: exec format error')).toBe(true);
    expect(metForeign('exit code: 1')).toBe(false);
    const said = explainForeign(['linux/arm64', 'linux/amd64'], ['linux/amd64']).what;
    expect(said).toBe('This builder cannot run programs of linux/arm64.');
    expect(explainForeign(['linux/arm64'], undefined).what).toContain('linux/arm64');
    expect(explainForeign([], undefined).what).toContain('another processor');
  });
});
