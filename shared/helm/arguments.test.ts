import { describe, expect, it } from '@jest/globals';
import {
  dryRunArguments,
  historyArguments,
  pullArguments,
  rollbackArguments,
  templateArguments,
  testArguments,
  type UpgradePlan,
  uninstallArguments,
  upgradeArguments,
} from './arguments.ts';

const plan: UpgradePlan = {
  release: 'web',
  namespace: 'apps',
  createNamespace: false,
  chart: '/w/chart',
  valueFiles: [],
  timeoutMs: 300_000,
};
const always = ['upgrade', 'web', '/w/chart', '--install', '--namespace', 'apps'];
const end = ['--wait', '--timeout', '300s', '--reset-values', '--hide-notes'];

describe('command lines of Helm', () => {
  it.each<[string, Partial<UpgradePlan>, string[]]>([
    ['the least', {}, [...always, ...end]],
    ['a namespace', { createNamespace: true }, [...always, '--create-namespace', ...end]],
    [
      'values in their order',
      { valueFiles: ['/a', '/b'] },
      [...always, '--values', '/a', '--values', '/b', ...end],
    ],
    [
      'less than a second',
      { timeoutMs: 10 },
      [...always, '--wait', '--timeout', '1s', '--reset-values', '--hide-notes'],
    ],
    [
      'objects that are there',
      { takeOwnership: true },
      [...always, ...end, '--take-ownership', '--server-side=true', '--force-conflicts'],
    ],
    ['no definitions', { skipCrds: true }, [...always, ...end, '--skip-crds']],
    [
      'another text than was rendered',
      { postRender: { program: 'cat', file: '/f' } },
      [
        ...[...always, ...end],
        ...['--post-renderer', 'platform-actions-cat', '--post-renderer-args', '/f'],
      ],
    ],
  ])('upgrade: %s', (_name, change, expected) => {
    expect(upgradeArguments({ ...plan, ...change })).toEqual(expected);
  });

  it('template: for what the cluster serves, in arguments that no system refuses', () => {
    const apiVersions = Array.from({ length: 501 }, (_, index) => `a.io/v${index}`);
    const args = templateArguments(
      { ...plan, valueFiles: ['/a'] },
      { kubeVersion: 'v1.35.4', apiVersions, verb: 'upgrade' },
    );
    expect(args.slice(0, 11)).toEqual([
      ...['template', 'web', '/w/chart', '--namespace', 'apps', '--values', '/a'],
      ...['--include-crds', '--skip-tests', '--is-upgrade', '--kube-version'],
    ]);
    expect(args.slice(11, 13)).toEqual(['v1.35.4', '--api-versions']);
    expect(args.slice(-2)).toEqual(['--api-versions', 'a.io/v500']);
    const rendered = { kubeVersion: 'v1', apiVersions: [], verb: 'install' } as const;
    expect(templateArguments(plan, rendered)).not.toContain('--is-upgrade');
  });

  it('Helm 3 takes a program where Helm 4 takes a plug-in', () => {
    const args = upgradeArguments({ ...plan, postRender: { program: 'tee', file: '/f' } }, 3);
    expect(args.slice(-4)).toEqual(['--post-renderer', 'tee', '--post-renderer-args', '/f']);
    expect(upgradeArguments({ ...plan, takeOwnership: true }, 3).at(-1)).toBe('--take-ownership');
  });

  it('has none of the flags by which Helm itself rolls back', () => {
    expect(upgradeArguments(plan).join(' ')).not.toMatch(/atomic|rollback|cleanup/);
  });

  it.each([
    [
      'pull',
      pullArguments({
        chart: 'oci://r/web@sha256:a',
        repository: undefined,
        version: undefined,
        folder: '/f',
      }),
      'pull oci://r/web@sha256:a --destination /f',
    ],
    [
      'pull from this machine',
      pullArguments({
        ...{ chart: 'oci://127.0.0.1:5000/web', repository: undefined, version: '1.0.0' },
        folder: '/f',
      }),
      'pull oci://127.0.0.1:5000/web --destination /f --version 1.0.0 --plain-http',
    ],
    [
      'pull from a repository',
      pullArguments({ chart: 'web', repository: 'https://r', version: '^1', folder: '/f' }),
      'pull web --destination /f --repo https://r --version ^1',
    ],
    ['a dry run', dryRunArguments(plan).slice(-3), '--dry-run=server --output json'],
    [
      'history',
      historyArguments('web', 'apps'),
      'history web --namespace apps --output json --max 20',
    ],
    [
      'rollback',
      rollbackArguments('web', 'apps', 3, 60_000),
      'rollback web 3 --namespace apps --wait --timeout 60s',
    ],
    [
      'rollback at once',
      rollbackArguments('web', 'apps', 3, undefined),
      'rollback web 3 --namespace apps',
    ],
    [
      'the tests of a release',
      testArguments('web', 'apps', 60_000),
      'test web --namespace apps --timeout 60s',
    ],
    [
      'uninstall at once',
      uninstallArguments('web', 'apps', undefined),
      'uninstall web --namespace apps --ignore-not-found',
    ],
    [
      'uninstall',
      uninstallArguments('web', 'apps', 60_000),
      'uninstall web --namespace apps --ignore-not-found --wait --timeout 60s',
    ],
  ])('%s', (_name, args, expected) => {
    expect(args.join(' ')).toBe(expected);
  });
});
