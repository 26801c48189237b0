import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../process/run.ts';
import { explainTrivy } from './explainTrivy.ts';

const ended: Outcome = {
  exitCode: 1,
  killedBy: undefined,
  startError: undefined,
  endedBy: 'itself',
  stdout: '',
  stderr: '',
  stdoutTruncated: false,
  durationMs: 10,
};
const killed = { ...ended, exitCode: undefined };

/** What Trivy 0.74.0 wrote, from its fatal error on. */
const fatal = (text: string) =>
  `2026-11-24T11:41:04Z\tINFO\t[vuln] Vulnerability scanning is enabled\n2026-11-24T11:41:04Z\tFATAL\tFatal error\trun error: ${text}\n`;
const notPulled = (error: string) =>
  fatal(
    `image scan error: scan error: unable to initialize a scan service: unable to initialize artifact: unable to initialize container image: unable to find the specified image "r/web@sha256:00" in ["remote"]: 1 error occurred:\n\t* remote error: ${error}\n\n`,
  );

describe('why Trivy did not do its work', () => {
  it.each<[string, Outcome, string, string]>([
    [
      'too slow',
      { ...killed, endedBy: 'deadline', killedBy: 'SIGTERM' },
      'It did not finish within 90 s.',
      'Raise `timeout`',
    ],
    [
      'killed',
      { ...killed, killedBy: 'SIGKILL' },
      'It was killed (SIGKILL).',
      'runs out of memory',
    ],
    [
      'a long way to a cause',
      { ...ended, stderr: fatal(`walk error: ${'a file: '.repeat(80)}no space left on device`) },
      'a file: no space left on device',
      'Free some disk',
    ],
    [
      'not startable',
      { ...killed, startError: 'spawn trivy EACCES' },
      'spawn trivy EACCES',
      'may execute programs',
    ],
    ['silent', ended, 'exit code 1 and said nothing.', 'Read its own words'],
    [
      'image gone',
      {
        ...ended,
        stderr: notPulled(
          'GET http://r/v2/web/manifests/sha256:00: MANIFEST_UNKNOWN: manifest unknown; unknown manifest name=web',
        ),
      },
      'exit code 1: GET http://r/v2/web/manifests/sha256:00: MANIFEST_UNKNOWN',
      'Check the name',
    ],
    [
      'denied',
      { ...ended, stderr: notPulled('GET https://r/v2/web/manifests/1: DENIED: access forbidden') },
      'DENIED: access forbidden',
      'Give this identity the right to pull',
    ],
    [
      'not logged in',
      {
        ...ended,
        stderr: notPulled(
          'GET https://r/token: unexpected status code 401 Unauthorized: UNAUTHORIZED',
        ),
      },
      '401 Unauthorized',
      'Log in to the registry',
    ],
    [
      'limited',
      {
        ...ended,
        stderr: fatal(
          'init error: DB error: failed to download vulnerability DB: GET https://ghcr.io/v2/aquasecurity/trivy-db/manifests/2: TOOMANYREQUESTS: retry-after: 1.2ms, allowed: 44000/minute',
        ),
      },
      'exit code 1: GET https://ghcr.io/v2/aquasecurity/trivy-db/manifests/2: TOOMANYREQUESTS',
      'limits requests',
    ],
    [
      'unreachable',
      {
        ...ended,
        stderr: notPulled(
          'Get "https://r/v2/": dial tcp 10.0.0.1:443: connect: connection refused',
        ),
      },
      'connection refused',
      'reaches the registry',
    ],
    [
      'of an unknown authority',
      {
        ...ended,
        stderr: notPulled(
          'Get "https://r/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
        ),
      },
      'unknown authority',
      'NODE_EXTRA_CA_CERTS',
    ],
    [
      'without disk',
      {
        ...ended,
        stderr: fatal('image scan error: scan error: write /tmp/x: no space left on device'),
      },
      'no space left on device',
      'Free some disk',
    ],
    [
      'a folder that is not there, told with --debug',
      {
        ...ended,
        stderr:
          '2026-11-25T02:41:26Z\tFATAL\tFatal error\n  - run error:\n    github.com/x.Run\n        run.go:411\n  - fs scan error:\n    github.com/x.run\n        run.go:452\n  - walk dir error:\n    github.com/x.Walk\n        fs.go:35\n  - lstat /nope: no such file or directory\n',
      },
      'exit code 1: lstat /nope: no such file or directory.',
      'Check the path',
    ],
    [
      'larger than allowed',
      {
        ...ended,
        stderr:
          '2026-11-25T02:41:26Z\tFATAL\tError\tuncompressed layers size 10.2kB exceeds maximum allowed size 1kB\n',
      },
      'exit code 1: uncompressed layers size 10.2kB exceeds maximum allowed size 1kB.',
      'max-image-size',
    ],
    [
      'no SBOM',
      {
        ...ended,
        stderr: fatal(
          'sbom scan error: scan error: scan failed: failed analysis: SBOM decode error: unknown scanning is not yet supported',
        ),
      },
      'unknown scanning is not yet supported.',
      'CycloneDX',
    ],
    [
      'in want of the Java database',
      {
        ...ended,
        stderr: fatal(
          "rootfs scan error: scan error: scan failed: failed analysis: post analysis error: post analysis error: Unable to initialize the Java DB: Java DB update failed: '--skip-java-db-update' cannot be specified on the first run",
        ),
      },
      'Java DB',
      'skip-files',
    ],
    [
      'no image',
      {
        ...ended,
        stderr: notPulled(
          'unsupported artifact type "application/vnd.cncf.helm.config.v1+json" for image "r/chart:1"',
        ),
      },
      'unsupported artifact type',
      'digest of an image',
    ],
    [
      'of unknown cause, in hostile words',
      { ...ended, stderr: 'panic\n::error::\u001b[31mowned\u202e\u0007' },
      'exit code 1: ::error::owned<U+202E>.',
      'Read its own words',
    ],
  ])('%s', (_, outcome, said, remedy) => {
    const gap = explainTrivy(outcome, 'scan the image', 90_000);
    expect(gap.what).toMatch(/^Trivy could not scan the image\./);
    expect([gap.what, gap.why].join(' ')).toContain(said);
    expect([gap.what, gap.why].join('')).not.toContain('\n');
    expect(gap.remedy).toContain(remedy);
  });

  it('keeps all of its words for the details, and only some for the annotation', () => {
    const stderr = notPulled(`GET https://r/: ${'x'.repeat(5000)}`);
    const gap = explainTrivy({ ...ended, stderr }, 'scan the image', 90_000);
    expect(gap.details).toContain('x'.repeat(5000));
    expect(gap.why?.length).toBeLessThan(400);
  });
});
