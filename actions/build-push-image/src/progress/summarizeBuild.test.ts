import { describe, expect, it } from '@jest/globals';
import { marked } from 'marked';
import { plainText } from '../../../../shared/log/sanitize.ts';
import { type Digest, parseReference } from '../../../../shared/oci/Reference.ts';
import { hostileText } from '../../../../test/lab/fixtures/hostileText.ts';
import type { BuildProgress } from './BuildProgress.ts';
import { type Fixture, fixture } from './fixtures/fixture.ts';
import { ProgressReader } from './ProgressReader.ts';
import { type BuildFacts, summarizeBuild } from './summarizeBuild.ts';

const now = Date.UTC(2026, 0, 31);
const digest = `sha256:${'a'.repeat(64)}` as Digest;
const image = parseReference('r.io/web');

function progressOf(name: Fixture): BuildProgress {
  const reader = new ProgressReader();
  for (const line of fixture(name)) reader.take(line);
  return reader.progress;
}

const nothing = { labels: {}, annotations: {} };
const facts = (bytes: number) => ({
  digest,
  platforms: [
    {
      platform: 'linux/amd64',
      bytes,
      layers: [8e6, 4e6],
      createdAt: Date.UTC(2026, 0, 28),
      ...nothing,
    },
    { platform: 'linux/arm64', bytes, layers: [8e6, 4e6], createdAt: undefined, ...nothing },
  ],
  attestations: ['SBOM (SPDX)', 'provenance (SLSA)'],
  annotations: {},
});

const whole: BuildFacts = {
  image,
  digest,
  reference: `r.io/web@${digest}`,
  tags: ['r.io/web:1', 'r.io/web:main'],
  built: true,
  reason: 'Built because package.json changed.',
  durationMs: 65_000,
  facts: facts(12_000_000),
  before: { name: 'main', facts: facts(10_000_000) },
  progress: progressOf('built'),
  bases: [
    {
      written: parseReference('node:24'),
      digest,
      pinned: false,
      createdAt: Date.UTC(2026, 0, 1),
      tagMeans: undefined,
    },
  ],
};

/** What a person reads in the page, a line a row of a table or a block. */
function shown(markdown: string): string[] {
  return marked
    .parse(markdown, { async: false, gfm: true })
    .replace(/<\/td>\s*<td>/g, ' | ')
    .replace(/<br>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)))
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('\u200b', '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function elements(markdown: string): string[] {
  const html = marked.parse(markdown, { async: false, gfm: true });
  return [...html.matchAll(/<(?!\/)([a-z0-9]+)|(<!--)/gi)].map(([, name]) => name ?? '<!--');
}

describe('the summary', () => {
  it('has all that is known', () => {
    const lines = shown(summarizeBuild(whole, now).text);
    expect(lines.slice(0, 11)).toEqual([
      'Image r.io/web built and pushed',
      'Built because package.json changed.',
      `Digest | ${digest}`,
      `Reference | r.io/web@${digest}`,
      'Tags | r.io/web:1 r.io/web:main',
      'Platforms | linux/amd64, linux/arm64',
      'Size | 24.0 MB compressed, +4.0 MB (+20 %) against main: linux/amd64 12.0 MB, linux/arm64 12.0 MB',
      'Layers | 2: 8.0 MB, 4.0 MB',
      'Attestations | SBOM (SPDX), provenance (SLSA)',
      'Cache | 0 % of the steps were cached',
      'Time | 1 min 05 s',
    ]);
    expect(lines.join('\n')).toContain('section Stage base');
    expect(lines).toContain(`docker.io/library/node:24 | ${digest} | 30 days ago | ⚠️ not pinned`);
    expect(lines).toContain(
      'SecretsUsedInArgOrEnv | line 9 | Do not use ARG or ENV instructions for sensitive data (ARG "API_TOKEN")',
    );
  });

  it('is short where little is known', () => {
    const least = { image, digest, reference: undefined, tags: [], built: true, durationMs: 0 };
    expect(shown(summarizeBuild(least, now).text)).toEqual([
      'Image r.io/web built, not pushed',
      `Digest | ${digest}`,
      'Time | 0.0 s',
    ]);
  });

  it('tells what was found in place of a build', () => {
    const { progress, ...found } = whole;
    const reason = 'Found: the inputs are those of a build of 3 days ago.';
    const lines = shown(summarizeBuild({ ...found, built: false, reason }, now).text);
    expect(lines).toContain('Image r.io/web found, not built again');
    expect(lines).toContain(reason);
    expect(lines).toContain('Made | 3 days ago');
  });

  it.each<[Fixture, RegExp | undefined]>([
    ['cacheFailed', /exporting cache to registry failed: .*connection refused/],
    // The first build of a branch has no cache.
    ['cached', undefined],
  ])('%s: a cache that fails is told, one that is not there yet is not', (name, text) => {
    const lines = shown(summarizeBuild({ ...whole, bases: [], progress: progressOf(name) }).text);
    const warnings = lines.filter((line) => line.startsWith('⚠️'));
    expect(warnings.filter((line) => /exporting/.test(line))).toHaveLength(text ? 1 : 0);
    if (text) expect(warnings.join('\n')).toMatch(text);
    else expect(warnings).toEqual([]);
  });

  it('stays short with a thousand tags', () => {
    const tags = Array.from({ length: 1000 }, (_, i) => `r.io/web:${i}`);
    expect(shown(summarizeBuild({ ...whole, tags }).text).join('\n')).toContain('950 more');
  });
});

describe('hostile text', () => {
  const harmless = (text: string): BuildFacts => ({
    ...whole,
    tags: [text],
    reason: text,
    warnings: [text],
    facts: {
      ...facts(1),
      platforms: [{ platform: text, bytes: 1, layers: [1], createdAt: undefined, ...nothing }],
      attestations: [text],
    },
    before: undefined,
    progress: {
      ...progressOf('failedRun'),
      steps: progressOf('cacheFailed').steps.map((step) => ({
        ...{ ...step, text: step.kind === 'cache' ? `exporting cache ${text}` : text },
        ...{ group: text, stage: text, platform: text, error: text },
      })),
      warnings: [{ target: undefined, rule: text, text, url: text, file: text, line: 1 }],
    },
  });
  const expected = elements(summarizeBuild(harmless('text'), now).text);

  it.each(
    hostileText
      .filter(({ text }) => plainText(text).trim() !== '')
      .map(({ attack, about, text }) => [`${attack}: ${about}`, text]),
  )('%s is text and nothing else', (_name, text) => {
    const markdown = summarizeBuild(harmless(text), now).text;
    const made = elements(markdown).filter((name) => !['span', 'a'].includes(name));
    expect(made.filter((name) => name !== 'code')).toEqual(
      expected.filter((name) => name !== 'code'),
    );
    for (const bad of ['@octocat', 'http://', '\u001b', '\u202e'])
      expect(markdown).not.toContain(bad);
    expect(markdown).not.toMatch(/[^"]https:\/\//);
  });
});
