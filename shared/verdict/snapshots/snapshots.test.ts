import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { hostileBytes, hostileText } from '../../../test/lab/fixtures/hostileText.ts';
import { Failure } from '../../failure/Failure.ts';
import { examplePolicy } from '../fixtures.ts';
import { loadSnapshots } from './loadSnapshots.ts';
import { readEpss } from './readEpss.ts';
import { readKev } from './readKev.ts';

const kev = JSON.stringify({
  title: 'CISA Catalog of Known Exploited Vulnerabilities',
  catalogVersion: '2026.11.20',
  dateReleased: '2026-11-20T15:00:12.1234Z',
  count: 1,
  vulnerabilities: [{ cveID: 'CVE-2021-44228', vendorProject: 'Apache' }],
});
const epss =
  '#model_version:v2026.03.14,score_date:2026-11-24T12:55:00Z\ncve,epss,percentile\nCVE-2021-44228,0.94358,0.99958\nCVE-1999-0001,0.00001,0.1\n';

describe('the KEV catalog', () => {
  it.each([
    ['plain', Buffer.from(kev)],
    ['packed', gzipSync(kev)],
  ])('%s', (_, bytes) => {
    expect(readKev(bytes, 'kev.json')).toEqual({
      ids: new Set(['CVE-2021-44228']),
      version: '2026.11.20',
      madeAt: new Date('2026-11-20T15:00:12.123Z'),
    });
  });

  it.each([
    ['', 'The KEV catalog kev.json is not JSON.'],
    ['[]', 'kev.json is not a KEV catalog. catalogVersion'],
    [kev.replace('2026-11-20T', 'yesterday'), 'ateReleased: is not a time.'],
    [
      JSON.stringify({ catalogVersion: '1', dateReleased: '2026-01-01', vulnerabilities: [] }),
      'ulnerabilities: the list is empty.',
    ],
  ])('refuses %.40j', (text, why) => {
    expect(() => readKev(Buffer.from(text), 'kev.json')).toThrow(why);
  });
});

describe('the EPSS scores', () => {
  it.each([
    ['plain', Buffer.from(epss)],
    ['packed', gzipSync(epss)],
    ['of Windows', Buffer.from(epss.replaceAll('\n', '\r\n'))],
  ])('%s', (_, bytes) => {
    expect(readEpss(bytes, 'epss.csv')).toEqual({
      scores: new Map([
        ['CVE-2021-44228', 0.94358],
        ['CVE-1999-0001', 0.00001],
      ]),
      version: 'v2026.03.14',
      madeAt: new Date('2026-11-24T12:55:00Z'),
    });
  });

  it.each([
    ['', 'Its first line does not tell the score_date.'],
    [epss.slice(epss.indexOf('\n') + 1), 'Its first line does not tell the score_date.'],
    [epss.replace('cve,epss', 'id,score'), 'Its columns are not cve, epss.'],
    [epss.replace('0.94358', '94%'), 'CVE-2021-44228 has the score 94%'],
    [epss.replace('0.94358', ''), 'CVE-2021-44228 has the score'],
    [epss.replace('0.94358,0.99958', '0.94358'), 'holds no EPSS scores'],
    [epss.split('\n').slice(0, 2).join('\n'), 'It has no scores.'],
  ])('refuses %.60j', (text, why) => {
    expect(() => readEpss(Buffer.from(text), 'epss.csv')).toThrow(why);
  });
});

it('hostile bytes and texts are refused as what they are', () => {
  const all = [...Object.values(hostileBytes), ...hostileText.map(({ text }) => Buffer.from(text))];
  for (const bytes of all) {
    expect(() => readKev(bytes, 'kev.json')).toThrow(Failure);
    expect(() => readEpss(bytes, 'epss.csv')).toThrow(Failure);
  }
});

describe('what a policy needs', () => {
  const files: Record<string, string> = { kev, epss, broken: '{' };
  const readFile = async (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error('ENOENT: no such file');
    return Buffer.from(text);
  };

  it('is read, and nothing else', async () => {
    expect(await loadSnapshots(examplePolicy(), readFile)).toEqual({});
    const policy = examplePolicy({
      kev: { file: 'kev', maxAgeDays: 7 },
      epss: { file: 'epss', maxAgeDays: 2, atLeast: 0.5 },
    });
    expect(await loadSnapshots(policy, readFile)).toMatchObject({
      kev: { version: '2026.11.20' },
      epss: { version: 'v2026.03.14' },
    });
  });

  it.each([
    ['nowhere', 'The policy needs nowhere, and it cannot be read.'],
    ['broken', 'The KEV catalog broken is not JSON.'],
  ])('%s is a gap', async (file, what) => {
    const read = await loadSnapshots(examplePolicy({ kev: { file, maxAgeDays: 7 } }), readFile);
    expect(read.kev).toMatchObject({ what });
  });
});
