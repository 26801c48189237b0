import { describe, expect, it } from '@jest/globals';
import { parseDigest, parseReference, pin } from '../oci/Reference.ts';
import type { ScanOptions } from './ScanOptions.ts';
import type { Scannable, Scanner } from './Target.ts';
import { convertArgs, scanArgs, trivyEnvironment } from './trivyArgs.ts';

const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
const image = pin(parseReference('127.0.0.1:5000/web:1'), digest);
const blank = { config: '/temp/config.yaml', ignore: '/temp/ignore', secret: '/temp/secret.yaml' };
const common = { cacheDir: '/cache/db', caFile: undefined, timeoutMs: 90_000, blank };
const plan = {
  ...common,
  target: { kind: 'image', image },
  scanners: ['vuln'],
  output: '/temp/report.json',
  keepLayers: false,
} as const;

describe('the command line of a scan', () => {
  it('is one scan of the digest to JSON, of the registry alone, with no policy in it', () => {
    expect(scanArgs(plan)).toEqual([
      'image',
      '--cache-dir=/cache/db',
      '--config=/temp/config.yaml',
      '--ignorefile=/temp/ignore',
      '--timeout=90000ms',
      '--disable-telemetry',
      '--skip-version-check',
      '--format=json',
      '--output=/temp/report.json',
      '--scanners=vuln',
      '--pkg-types=os,library',
      '--list-all-pkgs',
      '--no-progress',
      '--skip-db-update',
      '--skip-java-db-update',
      '--secret-config=/temp/secret.yaml',
      '--module-dir=/cache/db/no-modules',
      '--skip-check-update',
      '--cache-backend=memory',
      '--image-src=remote',
      '--',
      `127.0.0.1:5000/web@${digest}`,
    ]);
  });

  it.each<[Scannable, readonly Scanner[], string, string]>([
    [
      { kind: 'image', image, platform: 'linux/arm64' },
      ['vuln'],
      'image',
      '--platform=linux/arm64',
    ],
    [{ kind: 'archive', path: '/w/a.tar' }, ['vuln'], 'image', '--input=/w/a.tar'],
    [{ kind: 'layout', path: '/w/oci' }, ['vuln'], 'image', '--input=/w/oci'],
    [{ kind: 'layout', path: '/w' }, ['secret'], 'image', '--image-config-scanners=secret'],
    [{ kind: 'filesystem', path: '/w' }, ['vuln', 'secret'], 'filesystem', '--debug -- /w'],
    [
      { kind: 'filesystem', path: '/w' },
      ['vuln', 'secret'],
      'filesystem',
      '--scanners=vuln,secret',
    ],
    [{ kind: 'repository', at: '/w' }, ['vuln'], 'repository', '-- /w'],
    [
      { kind: 'repository', at: 'https://r/x', branch: 'main', commit: 'ab' },
      ['license'],
      'repository',
      '--branch=main --commit=ab -- https://r/x',
    ],
    [{ kind: 'config', path: '/w' }, ['misconfig'], 'config', '-- /w'],
    [{ kind: 'sbom', path: '/w/bom.json' }, ['vuln'], 'sbom', '-- /w/bom.json'],
  ])('%j for %j is %s, and has %s', (target, scanners, command, wanted) => {
    const args = scanArgs({ ...plan, target, scanners });
    expect(args[0]).toBe(command);
    for (const part of wanted.split(' ')) expect(args).toContain(part);
    expect(wanted.startsWith('--') || args.join(' ').endsWith(wanted)).toBe(true);
  });

  it('never asks a command for what only another one knows', () => {
    const config = scanArgs({ ...plan, target: { kind: 'config', path: '/w' } }).join(' ');
    expect(config).not.toMatch(/--(?:scanners|skip-db-update|no-progress|pkg-types|secret-config)/);
    const sbom = scanArgs({ ...plan, target: { kind: 'sbom', path: '/w' } }).join(' ');
    expect(sbom).not.toMatch(/--(?:module-dir|skip-check-update|secret-config|image-src)/);
    const images = scanArgs({ ...plan, options: { terraformVariables: ['x'] } }).join(' ');
    expect(images).not.toMatch(/--(?:tf-vars|include-dev-deps|debug)/);
  });

  it.each<[ScanOptions, Scannable['kind'], string]>([
    [{ skipDirs: ['a,b', 'c'] }, 'filesystem', '--skip-dirs="a,b" --skip-dirs=c'],
    [{ skipFiles: ['x.json'] }, 'config', '--skip-files=x.json'],
    [{ packageTypes: ['library'] }, 'filesystem', '--pkg-types=library'],
    [{ filePatterns: ['dockerfile:x'] }, 'config', '--file-patterns=dockerfile:x'],
    [{ devDependencies: true }, 'filesystem', '--include-dev-deps'],
    [{ misconfigScanners: ['terraform'] }, 'config', '--misconfig-scanners=terraform'],
    [{ checks: ['/w/checks'] }, 'config', '--config-check=/w/checks'],
    [{ checkNamespaces: ['acme'] }, 'config', '--check-namespaces=acme'],
    [{ terraformVariables: ['/w/p.tfvars'] }, 'config', '--tf-vars=/w/p.tfvars'],
    [{ skipDownloadedModules: true }, 'config', '--tf-exclude-downloaded-modules'],
    [{ helmValues: ['/w/v.yaml'] }, 'config', '--helm-values=/w/v.yaml'],
    [{ helmSet: ['a=b'] }, 'config', '--helm-set=a=b'],
    [{ kubernetesVersion: '1.35' }, 'config', '--helm-kube-version=1.35'],
    [{ secretConfig: '/w/s.yaml' }, 'filesystem', '--secret-config=/w/s.yaml'],
    [{ licenseFull: true }, 'filesystem', '--license-full'],
    [{ maxImageSize: '2GB' }, 'archive', '--max-image-size=2GB'],
    [{ offline: true }, 'sbom', '--offline-scan'],
  ])('%j', (options, kind, wanted) => {
    const target = { kind, path: '/w', at: '/w', image } as Scannable;
    expect(scanArgs({ ...plan, target, options }).join(' ')).toContain(` ${wanted} `);
  });

  it.each([
    [{ caFile: '/etc/corporate.pem' }, '--cacert=/etc/corporate.pem'],
    [{ keepLayers: true }, '--cache-backend=fs'],
  ])('%j adds %s', (extra, argument) => {
    expect(scanArgs(plan)).not.toContain(argument);
    expect(scanArgs({ ...plan, ...extra })).toContain(argument);
  });
});

it('an SBOM is made of a report, without the files of the workspace', () => {
  expect(
    convertArgs(common, { report: '/r.json', format: 'cyclonedx', output: '/s.json' }),
  ).toEqual([
    'convert',
    '--cache-dir=/cache/db',
    '--config=/temp/config.yaml',
    '--ignorefile=/temp/ignore',
    '--format=cyclonedx',
    '--output=/s.json',
    '--',
    '/r.json',
  ]);
});

it("Trivy sees the registry's login, and none of its own variables or our secrets", () => {
  const environment = trivyEnvironment(
    {
      PATH: '/bin',
      HOME: '/home/runner',
      DOCKER_CONFIG: '/home/runner/docker',
      HTTPS_PROXY: 'http://proxy',
      TRIVY_SEVERITY: 'LOW',
      TRIVY_IGNORE_UNFIXED: 'true',
      GITHUB_TOKEN: 'secret',
      INPUT_IMAGE: 'web',
    },
    '/temp',
  );
  expect(environment).toEqual({
    PATH: '/bin',
    HOME: '/home/runner',
    HTTPS_PROXY: 'http://proxy',
    DOCKER_CONFIG: '/home/runner/docker',
    TMPDIR: '/temp',
  });
});
