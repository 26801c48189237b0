import { describe, expect, it } from '@jest/globals';
import { formatReference, parseDigest, parseReference, pin } from '../oci/Reference.ts';
import { type FixtureName, fixture, imageOf } from './fixtures/fixture.ts';
import { inspectReport } from './inspectReport.ts';
import { parseReport } from './parseReport.ts';

const asked = { kind: 'image', scanners: ['vuln'] } as const;

function inspect(name: FixtureName) {
  const text = fixture(name);
  const image = imageOf(text);
  return inspectReport(parseReport(text), { ...asked, subject: formatReference(image), image });
}

describe('what was seen of an image', () => {
  it.each<[FixtureName, number, string[], string[]]>([
    ['debian', 2, [], []],
    ['debianWithNode', 4, [], []],
    [
      'nodeOnly',
      2,
      [],
      ['The image has no operating system; it was judged by the packages of languages in it.'],
    ],
    ['debianWithoutDatabase', 0, ['The packages of debian 12.5 were not judged.'], []],
    ['unsupportedSystem', 2, ['The packages of fedora 40 were not judged.'], []],
    [
      'unknownSystem',
      0,
      [
        'The packages of the operating system were not judged: Trivy could not tell which one it is.',
      ],
      [],
    ],
    [
      'unknownFile',
      0,
      [
        'Nothing in the image could be judged: no operating system and no packages of a language were found.',
      ],
      [],
    ],
    ['noLayers', 0, [], ['The image has no layers, so it holds nothing that could be vulnerable.']],
    [
      'endOfLife',
      0,
      [],
      [
        'alpine 3.10.9 is at its end of life: nobody reports or fixes vulnerabilities in it any more, so few are found. Move to a supported release.',
      ],
    ],
  ])('%s: %d findings', (name, findings, gaps, notices) => {
    const seen = inspect(name);
    expect(seen.findings).toHaveLength(findings);
    expect(seen.gaps.map(({ what }) => what)).toEqual(gaps);
    expect(seen.gaps.every(({ remedy }) => remedy !== undefined)).toBe(true);
    expect(seen.notices).toEqual(notices);
  });

  it('gives findings in the terms of all scanners', () => {
    const { findings, subject } = inspect('debianWithNode');
    expect(subject).toMatch(/^acme\.azurecr\.io\/web@sha256:/);
    expect(findings.find(({ id }) => id === 'CVE-2021-44906')).toMatchObject({
      kind: 'vulnerability',
      id: 'CVE-2021-44906',
      severity: 'CRITICAL',
      title: 'minimist: prototype pollution',
      subject: {
        name: 'minimist',
        version: '0.0.8',
        purl: 'pkg:npm/minimist@0.0.8',
        path: 'app/node_modules/minimist/package.json',
      },
      fix: '1.2.6, 0.2.4',
      url: 'https://avd.aquasec.com/nvd/cve-2021-44906',
    });
    expect(findings.find(({ id }) => id === 'CVE-2005-2541')?.fix).toBeUndefined();
  });

  it('tells what was looked at', () => {
    expect(inspect('debianWithNode').facts).toEqual([
      { name: 'Operating system', value: 'debian 12.5, 2 packages' },
      { name: 'Language packages', value: '2 of node-pkg' },
      { name: 'Platform', value: 'linux/amd64' },
      { name: 'Scanner', value: 'Trivy 0.74.0' },
    ]);
  });
});

describe('a report about another image', () => {
  const text = fixture('debianWithNode');
  const image = imageOf(text);
  const other = parseDigest(`sha256:${'0'.repeat(64)}`);
  it.each([
    ['another name', text, { ...image, repository: 'other' }],
    ['another digest', text, pin(image, other)],
    [
      'the same name, pulled by another digest',
      text
        .replaceAll(`@${image.digest}"`, `@${other}"`)
        .replace(/"ArtifactName": "[^"]*"/, `"ArtifactName": "${formatReference(image)}"`),
      image,
    ],
    ['no digest', text.replace(/"RepoDigests": \[[^\]]*\],/, ''), image],
    ['only a tag', text, parseReference('acme.azurecr.io/web:1')],
  ])('counts for nothing: %s', (_, report, wanted) => {
    const seen = inspectReport(parseReport(report), {
      ...asked,
      subject: formatReference(wanted),
      image: wanted as typeof image,
    });
    expect(seen.findings).toEqual([]);
    expect(seen.gaps.map(({ what }) => what)).toEqual([
      expect.stringContaining("Trivy's report is about another image: acme.azurecr.io/web@"),
    ]);
  });
});
