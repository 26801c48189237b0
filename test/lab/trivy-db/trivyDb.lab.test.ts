import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../addresses.ts';
import { command } from '../command.ts';
import { labContext } from '../lab.ts';
import { pushImage } from '../registry/pushImage.ts';
import { trivyDbRepository } from './trivyDb.ts';

interface Report {
  readonly Metadata: { readonly OS?: { readonly Family: string; readonly EOSL?: boolean } };
  readonly Results?: readonly {
    readonly Vulnerabilities?: readonly {
      readonly VulnerabilityID: string;
      readonly PkgName: string;
      readonly Severity: string;
      readonly FixedVersion?: string;
    }[];
  }[];
}

let cache: string;
let trivy: string;
beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'trivy-cache-'));
  trivy = await labContext(silent).program('trivy');
  await command(trivy, ['image', ...common(), '--download-db-only']);
}, 60_000);
afterAll(() => rmSync(cache, { recursive: true }));

function common(): string[] {
  return [
    ...['--cache-dir', cache, '--db-repository', trivyDbRepository],
    ...['--disable-telemetry', '--skip-version-check', '--quiet'],
  ];
}

async function scan(image: string): Promise<Report> {
  const output = await command(trivy, [
    ...['image', ...common(), '--format', 'json', '--scanners', 'vuln'],
    ...['--image-src', 'remote', '--skip-db-update', image],
  ]);
  return JSON.parse(output) as Report;
}

/** `CVE package severity fixed-version`, in order. */
function findings({ Results = [] }: Report): string[] {
  return Results.flatMap(({ Vulnerabilities = [] }) => Vulnerabilities)
    .map((found) =>
      [found.VulnerabilityID, found.PkgName, found.Severity, found.FixedVersion ?? '-'].join(' '),
    )
    .sort();
}

const inDebian = [
  'CVE-2016-2781 coreutils LOW -',
  'CVE-2022-48303 tar MEDIUM 1.34+dfsg-1.2+deb12u99',
  'CVE-2023-31484 perl-base HIGH -',
];

describe('what Trivy finds by the database of the lab', () => {
  const images: Record<string, string[]> = {
    'library/debian:bookworm-slim': inDebian,
    'library/node:24-slim': inDebian,
    'library/busybox:1.36': [],
    'lab/end-of-life:1': ['CVE-2019-18276 bash LOW -'],
  };
  it.each(Object.entries(images))(
    'in %s',
    async (image, expected) => {
      expect(findings(await scan(`${addresses.registry}/${image}`))).toEqual(expected);
    },
    60_000,
  );

  it.each([
    ['0.0.8', ['CVE-2021-44906 minimist CRITICAL 1.2.6, 0.2.4']],
    ['1.2.5', ['CVE-2021-44906 minimist CRITICAL 1.2.6, 0.2.4']],
    ['1.2.6', []],
  ])(
    'in minimist %s',
    async (version, expected) => {
      const image = await pushImage({
        repository: `trivy-db-test/${Date.now().toString(36)}`,
        files: {
          'app/node_modules/minimist/package.json': `{"name":"minimist","version":"${version}"}`,
        },
      });
      expect(findings(await scan(image))).toEqual(expected);
    },
    60_000,
  );

  it('knows which distribution has come to its end', async () => {
    const [ended, current] = await Promise.all([
      scan(`${addresses.registry}/lab/end-of-life:1`),
      scan(`${addresses.registry}/library/debian:bookworm-slim`),
    ]);
    expect(ended.Metadata.OS).toMatchObject({ Family: 'debian', EOSL: true });
    expect(current.Metadata.OS?.EOSL ?? false).toBe(false);
  }, 60_000);
});
