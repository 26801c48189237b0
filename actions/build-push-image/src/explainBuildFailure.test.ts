import { describe, expect, it } from '@jest/globals';
import { explainBuildFailure, lostBuilder, withoutPrefix } from './explainBuildFailure.ts';

const excerpt = (line: number) =>
  `Dockerfile:${line}\n--------------------\n   ${line} | >>> X\n--------------------\n`;
const failed = 'ERROR: failed to build: failed to solve: ';

/** The outputs are as BuildKit 0.34.2 printed them. */
describe('explainBuildFailure', () => {
  it.each<[string, string, { what: RegExp; why?: RegExp; line?: number }]>([
    [
      'a RUN step',
      `${excerpt(2)}${failed}process "/bin/sh -c echo hello && exit 3" did not complete successfully: exit code: 3`,
      { what: /stopped at `RUN echo hello && exit 3`, which ended with exit code 3/, line: 2 },
    ],
    [
      'a base image that does not exist',
      `${excerpt(1)}${failed}no-such-image:1: failed to resolve source metadata for docker.io/library/no-such-image:1: docker.io/library/no-such-image:1: not found`,
      { what: /^The image docker\.io\/library\/no-such-image:1 .* does not exist/, line: 1 },
    ],
    [
      'a base image that may not be read',
      `${excerpt(1)}${failed}r.io/x:1: failed to resolve source metadata for r.io/x:1: failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized`,
      { what: /does not let r\.io\/x:1 be read/, line: 1 },
    ],
    [
      'a file that is not in the context',
      `${excerpt(2)}${failed}failed to compute cache key: failed to calculate checksum of ref 84::nt: "/missing.txt": not found`,
      { what: /^\/missing\.txt is not in the build context/, line: 2 },
    ],
    [
      'a Dockerfile that is wrong',
      `${excerpt(2)}${failed}dockerfile parse error on line 2: unknown instruction: FOO (did you mean FROM?)`,
      { what: /unknown instruction: FOO/, line: 2 },
    ],
    [
      'a registry that refuses the push',
      `${failed}failed to push r.io/web:1: failed to authorize: failed to fetch oauth token: unexpected status from GET request: 401 Unauthorized`,
      { what: /registry refused the push of r\.io\/web:1/ },
    ],
    [
      'a registry that is not there',
      `${failed}failed to push 127.0.0.1:9/x:1: failed to do request: Head "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused`,
      { what: /127\.0\.0\.1:9\/x:1 could not be pushed/, why: /connection refused/ },
    ],
    [
      'a RUN step on a full disk',
      `dd: error writing '/big': No space left on device\n${excerpt(2)}${failed}process "/bin/sh -c dd" did not complete successfully: exit code: 1`,
      { what: /^The build stopped at `RUN dd`, since the disk is full\.$/, line: 2 },
    ],
    [
      'a full disk',
      `${failed}failed to copy files: write /x: no space left on device`,
      { what: /disk is full/ },
    ],
    [
      "a builder's storage that a kill has damaged",
      `${failed}failed to prepare x as y: failed to rename: rename /b/snapshots/new-3184 /b/snapshots/6: file exists`,
      { what: /own storage is damaged/ },
    ],
    [
      'a base image that is read too often',
      `${excerpt(1)}${failed}node:24: failed to resolve source metadata for docker.io/library/node:24: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/node/manifests/24: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.`,
      { what: /^Its registry limits how often docker\.io\/library\/node:24 is read/, line: 1 },
    ],
    [
      'a base image whose registry is not there',
      `${excerpt(1)}${failed}busybox:1.36: failed to resolve source metadata for docker.io/library/busybox:1.36: failed to do request: Head "https://registry-1.docker.io/v2/library/busybox/manifests/1.36": dial tcp: lookup registry-1.docker.io on 10.0.0.53:53: no such host`,
      {
        what: /^The registry of docker\.io\/library\/busybox:1\.36/,
        why: /^no such host\.$/,
        line: 1,
      },
    ],
    [
      'a docker engine that is not there',
      'ERROR: failed to build: failed to detect docker features: failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory',
      { what: /^No docker engine answers on this runner\.$/ },
    ],
    [
      'a builder that is not there',
      'ERROR: failed to build: context deadline exceeded',
      { what: /builder does not answer/ },
    ],
    [
      'a builder that was killed',
      'ERROR: failed to build: Unavailable: error reading from server: connection reset by peer',
      { what: /builder went away in mid-build/, why: /reset by peer/ },
    ],
    [
      'a builder that ended',
      `${failed}rpc error: code = Unavailable desc = error reading from server: EOF`,
      { what: /builder went away in mid-build/ },
    ],
    [
      'a RUN step that speaks of such things',
      `${excerpt(2)}${failed}process "/bin/sh -c grep \\"error reading from server\\" log" did not complete successfully: exit code: 1`,
      { what: /stopped at `RUN grep/, line: 2 },
    ],
    [
      'an unknown builder',
      'ERROR: no builder "nosuch" found',
      { what: /There is no builder nosuch/ },
    ],
    [
      'something new',
      `${failed}the moon is full`,
      { what: /The build failed/, why: /the moon is full/ },
    ],
    ['nothing', '', { what: /The build failed/, why: /buildx said nothing/ }],
  ])('%s', (_name, output, expected) => {
    const { what, why, place, remedy } = explainBuildFailure(output, 'docker/Dockerfile');
    expect(what).toMatch(expected.what);
    expect(why ?? '').toMatch(expected.why ?? /.*/);
    expect(place).toEqual(expected.line && { file: 'docker/Dockerfile', line: expected.line });
    expect(remedy).toMatch(/\.$/);
  });

  it.each([
    ['ERROR: failed to build: Unavailable: error reading from server: EOF', true],
    [`${failed}rpc error: code = Unavailable desc = closing`, true],
    ['ERROR: failed to receive status: rpc error: code = Unavailable desc = x', true],
    [`${failed}process "/bin/sh -c echo transport is closing" did not complete`, false],
    [`${failed}failed to push r.io/web:1: error reading from server: EOF`, false],
    [`${failed}r.io/x:1: unexpected status: 503 Service Unavailable`, false],
  ])('whether the builder is lost: %s', (line, lost) => {
    expect(lostBuilder.test(withoutPrefix(line))).toBe(lost);
  });
});
