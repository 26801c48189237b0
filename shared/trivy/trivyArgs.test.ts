import { describe, expect, it } from '@jest/globals';
import { parseDigest, parseReference, pin } from '../oci/Reference.ts';
import { downloadArgs, scanArgs, trivyEnvironment } from './trivyArgs.ts';

const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
const image = pin(parseReference('127.0.0.1:5000/web:1'), digest);
const common = { cacheDir: '/cache/db', caFile: undefined, timeoutMs: 90_000 };

describe('the command line of a scan', () => {
  const scan = {
    ...common,
    image,
    platform: undefined,
    output: '/temp/report.json',
    keepLayers: false,
  };
  it('is one scan of the digest to JSON, of the registry alone, with no policy in it', () => {
    expect(scanArgs(scan)).toEqual([
      'image',
      '--cache-dir=/cache/db',
      '--timeout=90000ms',
      '--no-progress',
      '--disable-telemetry',
      '--skip-version-check',
      '--module-dir=/cache/db/no-modules',
      '--format=json',
      '--output=/temp/report.json',
      '--scanners=vuln',
      '--pkg-types=os,library',
      '--list-all-pkgs',
      '--image-src=remote',
      '--cache-backend=memory',
      '--skip-db-update',
      '--',
      `127.0.0.1:5000/web@${digest}`,
    ]);
  });

  it.each([
    [{ platform: 'linux/arm64' }, '--platform=linux/arm64'],
    [{ caFile: '/etc/corporate.pem' }, '--cacert=/etc/corporate.pem'],
    [{ keepLayers: true }, '--cache-backend=fs'],
  ])('%j adds %s', (extra, argument) => {
    expect(scanArgs(scan)).not.toContain(argument);
    expect(scanArgs({ ...scan, ...extra })).toContain(argument);
  });
});

it('a database is fetched by its digest, and nothing is scanned', () => {
  const args = downloadArgs({ ...common, repository: image });
  expect(args).toContain('--download-db-only');
  expect(args).toContain(`--db-repository=127.0.0.1:5000/web@${digest}`);
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
