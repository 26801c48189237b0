import { expect, it } from '@jest/globals';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import { hostileText } from '../../../../test/lab/fixtures/hostileText.ts';
import type { Step } from './BuildProgress.ts';
import { baseImages } from './baseImages.ts';
import { type Fixture, fixture } from './fixtures/fixture.ts';
import { ofTarget } from './ofTarget.ts';
import { ProgressReader } from './ProgressReader.ts';

function basesOf(name: Fixture) {
  const reader = new ProgressReader();
  for (const line of fixture(name)) reader.take(line);
  return baseImages(reader.progress.steps).map(({ written, digest, pinned }) => [
    formatReference(written).replace(/(sha256:....).*/, '$1'),
    digest?.slice(0, 11),
    pinned,
  ]);
}

it.each<[Fixture, unknown[]]>([
  ['built', [['docker.io/library/busybox:1.36', 'sha256:f4ee', false]]],
  ['platforms', [['docker.io/library/busybox:1.36', 'sha256:f4ee', false]]],
  [
    'bake',
    [
      ['docker.io/library/busybox:1.36@sha256:f4ee', 'sha256:f4ee', true],
      // It is copied from only.
      ['docker.io/library/node:24-slim', 'sha256:ffbd', false],
      ['docker.io/library/busybox:1.36', 'sha256:f4ee', false],
    ],
  ],
  ['noBase', [['docker.io/library/nothing-here:1', undefined, false]]],
])('%s', (name, expected) => {
  expect(basesOf(name)).toEqual(expected);
});

it('belong to their target, although the step that resolves them is shared', () => {
  const reader = new ProgressReader();
  for (const line of fixture('bake')) reader.take(line);
  const { steps } = reader.progress;
  const names = (target: string) =>
    baseImages(ofTarget(reader.progress, target).steps, steps).map(
      ({ written: { repository, tag }, digest }) => `${repository}:${tag} ${digest?.slice(0, 11)}`,
    );
  expect(names('job')).toEqual([
    'library/node:24-slim sha256:ffbd',
    'library/busybox:1.36 sha256:f4ee',
  ]);
  expect(names('web')).toEqual(['library/busybox:1.36 sha256:f4ee']);
});

it('reads no image out of a text that names none', () => {
  const steps = hostileText.flatMap(({ text }) => [
    { text: `load metadata for ${text}` },
    { text: `FROM ${text}@sha256:00` },
  ]);
  for (const { written } of baseImages(steps as Step[])) {
    expect(written.repository).toMatch(/^[a-z0-9._/-]+$/);
  }
});
