import { describe, expect, it } from '@jest/globals';
import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { FoundDeployed } from '../../../../shared/github/findDeployed.ts';
import type { RunningImage } from '../../../../shared/kube/reports/RunningImage.ts';
import {
  formatReference,
  type PinnedReference,
  parseDigest,
  parseReference,
  pin,
} from '../../../../shared/oci/Reference.ts';
import type { Gap, Inspection } from '../../../../shared/verdict/Inspection.ts';
import { parseBaseline } from './parseBaseline.ts';
import { type BaselineEffects, resolveBaseline } from './resolveBaseline.ts';

const digest = (letter: string) => parseDigest(`sha256:${letter.repeat(64)}`);
const at = (letter: string, name = 'acme.io/web') => pin(parseReference(name), digest(letter));
const subject = at('f');

describe('the input baseline', () => {
  it.each([
    ['branch:feature/x', { kind: 'branch', name: 'feature/x' }],
    [' environment: production ', { kind: 'environment', name: 'production' }],
    ['report:out/base.json', { kind: 'report', path: 'out/base.json' }],
    ['acme.io/web:1', { kind: 'image', reference: parseReference('acme.io/web:1') }],
    [
      'branch:acme.io:5000/web:main',
      { kind: 'branch', name: 'main', repository: parseReference('acme.io:5000/web') },
    ],
    ['branch:2026/11', { kind: 'branch', name: '2026/11' }],
    ['reports:5000/web', { kind: 'image', reference: parseReference('reports:5000/web') }],
    ['main', { kind: 'image', reference: parseReference('main') }],
  ])('%s', (given, expected) => {
    expect(parseBaseline(given)).toEqual(expected);
  });

  it.each([
    ['branch:', 'names no branch'],
    ['branch:acme.io/web:', 'names no branch'],
    ['branch:A/B:main', 'is none of a baseline'],
    ['report: ', 'names no report'],
    ['A/B', 'is none of a baseline'],
    ['', 'it names no image'],
  ])('%j is refused', (given, said) => {
    expect(() => parseBaseline(given)).toThrow(InputProblem);
    expect(() => parseBaseline(given)).toThrow(said);
  });
});

interface World {
  /** What tags name. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly deployed?: FoundDeployed;
  readonly running?: readonly PinnedReference[];
  readonly gaps?: readonly Gap[];
  readonly broken?: Error;
  readonly branch?: string;
}

/** Each image, and each report, has one finding, which tells which it is. */
async function resolve(
  given: string,
  world: World = {},
  of: PinnedReference | undefined = subject,
) {
  const inspected: string[] = [];
  const effects: BaselineEffects = {
    currentBranch: world.branch,
    findDigest: async (reference) => {
      if (world.broken) throw world.broken;
      const letter = world.tags?.[formatReference(reference)];
      return reference.digest ?? (letter === undefined ? undefined : digest(letter));
    },
    findDeployed: async () => world.deployed ?? { none: 'never' },
    runningImages:
      world.running &&
      (async () =>
        (world.running ?? []).map(
          (reference): RunningImage => ({
            digest: reference.digest,
            reference,
            name: '',
            containers: [],
          }),
        )),
    inspect: async (target) => {
      const name = target.kind === 'image' ? formatReference(target.image) : target.path;
      inspected.push(name);
      const found = {
        kind: 'vulnerability',
        id: name,
      } as unknown as Inspection['findings'][number];
      return { subject: name, findings: [found], gaps: world.gaps ?? [], notices: [], facts: [] };
    },
  };
  const baseline = await resolveBaseline(await parseBaseline(given), of, effects);
  return { ...baseline, inspected };
}

const deployed = (...references: string[]): FoundDeployed => ({
  id: 1,
  at: new Date(),
  images: references.map((reference) => ({ name: 'web', reference })),
});

describe('a baseline', () => {
  it.each<[string, World, string[]]>([
    [`acme.io/web@${digest('a')}`, {}, [formatReference(at('a'))]],
    ['acme.io/web:1', { tags: { 'acme.io/web:1': 'b' } }, [formatReference(at('b'))]],
    ['report:base.json', {}, ['base.json']],
    ['branch:feature/x', { tags: { 'acme.io/web:feature-x': 'c' } }, [formatReference(at('c'))]],
    [
      'branch:acme.io/app:main',
      { tags: { 'acme.io/app:main': 'c' } },
      [formatReference(at('c', 'acme.io/app'))],
    ],
    [
      'environment:production',
      { deployed: deployed(`acme.io/db@${digest('b')}`, `acme.io/web@${digest('d')}`) },
      [formatReference(at('d'))],
    ],
    [
      'environment:production',
      { deployed: deployed(`prod.io/web@${digest('d')}`) },
      [formatReference(at('d', 'prod.io/web'))],
    ],
    [
      'environment:production',
      { deployed: { none: 'never' }, running: [at('a', 'acme.io/db'), at('d'), at('d'), at('e')] },
      [formatReference(at('d')), formatReference(at('e'))],
    ],
  ])('%s is looked into: %#', async (given, world, expected) => {
    const { inspected, findings, gaps, notices, name } = await resolve(given, world);
    expect(inspected).toEqual(expected);
    expect(findings.map(({ id }) => id)).toEqual(expected);
    expect([gaps, notices]).toEqual([[], []]);
    expect(name).toContain(expected[0]);
  });

  it.each<[string, World, string]>([
    ['branch:main', {}, 'acme.io/web:main is not in the registry yet'],
    ['branch:acme.io/app:main', {}, 'acme.io/app:main is not in the registry yet'],
    ['environment:production', {}, 'Nothing was deployed there before'],
    ['environment:production', { deployed: { none: 'unrecorded' } }, 'says which images it has'],
    ['environment:production', { deployed: deployed() }, 'has no image of this repository'],
    ['environment:production', { running: [] }, 'Its cluster runs no image of this repository'],
  ])('%s that is not there yet makes all new: %#', async (given, world, said) => {
    const { findings, gaps, notices } = await resolve(given, world);
    expect([findings, gaps]).toEqual([[], []]);
    expect(notices).toEqual([expect.stringMatching(/^All findings are new/)]);
    expect(notices[0]).toContain(said);
  });

  it.each<[string, World, string]>([
    ['acme.io/web:1', {}, 'The baseline acme.io/web:1 is not in the registry'],
    [
      'branch:main',
      { broken: new Failure({ what: 'acme.io does not answer.' }) },
      'does not answer',
    ],
    [
      'branch:main',
      { tags: { 'acme.io/web:main': 'f' }, branch: 'main' },
      'The tag main names the very image that is judged',
    ],
    ['branch:...', {}, 'no tag can stand for the branch'],
    ['environment:e', { deployed: deployed('acme.io/web:1') }, 'an image without a digest'],
    ['environment:e', { deployed: deployed('::') }, 'an image without a digest'],
  ])('%s that cannot be had is a gap: %#', async (given, world, said) => {
    const { findings, gaps } = await resolve(given, world);
    expect(findings).toEqual([]);
    expect(gaps.map(({ what }) => what)).toEqual([expect.stringContaining(said)]);
    expect(gaps[0]?.what).toMatch(/^What is new cannot be told/);
  });

  it('that was not seen whole says so', async () => {
    const gap = { what: 'One platform is missing.' };
    const { findings, gaps, notices } = await resolve('report:base.json', { gaps: [gap] });
    expect([findings.length, gaps]).toEqual([1, []]);
    expect(notices[0]).toContain('was not seen whole');
  });

  it('that is the image itself says so', async () => {
    const { findings, gaps, notices } = await resolve('branch:main', {
      tags: { 'acme.io/web:main': 'f' },
      branch: 'topic',
    });
    expect([findings.length, gaps]).toEqual([1, []]);
    expect(notices).toEqual([expect.stringContaining('is the image that is judged')]);
  });

  it('of a branch is none of what is no image', async () => {
    const effects = {} as BaselineEffects;
    const { gaps } = await resolveBaseline({ kind: 'branch', name: 'main' }, undefined, effects);
    expect(gaps[0]?.what).toContain('what is judged is no image');
  });

  it('passes on a defect of ours', async () => {
    await expect(resolve('branch:main', { broken: new TypeError('ours') })).rejects.toThrow('ours');
  });
});
