import { describe, expect, it } from '@jest/globals';
import type { Log } from '../../../../shared/log/Log.ts';
import { plainSteps } from '../../../../test/lab/buildkit/plainSteps.ts';
import { findCacheTroubles } from './findCacheTroubles.ts';
import { tellOfCaches } from './tellOfCaches.ts';

const at = '127.0.0.1:39775/c:buildcache-main';
const head =
  'unexpected status from HEAD request to http://127.0.0.1:39775/v2/c/manifests/buildcache-main:';

/** As BuildKit 0.34.2 and buildx 0.38.2 printed them with the lab's registry behind the fault proxy. */
const importing = (error: string) =>
  `#4 importing cache manifest from ${at}\n#4 DONE 0.1s\n#4 importing cache manifest from ${at}\n#4 ERROR: ${error}\n#6 [2/2] RUN x\n#6 DONE 0.1s\n------\n > importing cache manifest from ${at}:\n------\n`;
const exporting = (error: string) =>
  `#7 exporting cache to registry\n#7 preparing build cache for export done\n#7 sending cache export 0.0s done\n#7 ERROR: ${error}\n`;

const found = { deed: 'import', cache: at };
describe('findCacheTroubles', () => {
  it.each<[string, string, object | undefined]>([
    [
      'nothing there yet',
      importing(`failed to configure registry cache importer: ${at}: not found`),
      { ...found, kind: 'missing' },
    ],
    [
      '500',
      importing(`failed to configure registry cache importer: ${head} 500 Internal Server Error`),
      { ...found, kind: 'broken' },
    ],
    [
      '403',
      importing(`failed to configure registry cache importer: ${head} 403 Forbidden`),
      { ...found, kind: 'refused' },
    ],
    [
      'a part is not found',
      importing(
        'httpReadSeeker: failed open: could not fetch content descriptor sha256:bb07 (application/vnd.buildkit.cacheconfig.v0) from remote: not found',
      ),
      { ...found, kind: 'broken' },
    ],
    [
      'an export denied',
      exporting('error writing manifest blob: denied'),
      { deed: 'export', cache: 'registry', kind: 'refused' },
    ],
    [
      'an export limited',
      exporting(
        'error writing manifest blob: unexpected status from PUT request to http://r/v2/c/manifests/x: 429 Too Many Requests',
      ),
      { deed: 'export', cache: 'registry', kind: 'limited' },
    ],
    ['an error of another step', '#5 [1/2] RUN x\n#5 ERROR: process did not complete\n', undefined],
    ['all is well', `#4 importing cache manifest from ${at}\n#4 DONE 0.1s\n`, undefined],
  ])('%s', (_name, output, expected) => {
    expect(findCacheTroubles(plainSteps(output))).toMatchObject(
      expected === undefined ? [] : [expected],
    );
  });

  it('finds each of several', () => {
    const output = importing(`failed to configure registry cache importer: ${head} 500`);
    expect(findCacheTroubles(plainSteps(output + exporting('denied')))).toHaveLength(2);
  });
});

describe('tellOfCaches', () => {
  it.each<[string, string, boolean, ('info' | 'warning')[]]>([
    [
      'a first build',
      importing(`failed to configure registry cache importer: ${at}: not found`),
      false,
      ['info'],
    ],
    ['a refusal', importing(`${head} 403 Forbidden`), false, ['warning']],
    ['a refusal that nobody asked for', importing(`${head} 403 Forbidden`), true, ['info']],
    ['a broken one all the same', importing(`${head} 500 x`), true, ['warning']],
  ])('%s', (_name, output, outOfReach, expected) => {
    const told: string[] = [];
    const log: Pick<Log, 'info' | 'warning'> = {
      info: () => told.push('info'),
      warning: () => told.push('warning'),
    };
    tellOfCaches(findCacheTroubles(plainSteps(output)), log, outOfReach);
    expect(told).toEqual(expected);
  });
});
