import { describe, expect, it } from '@jest/globals';
import { groupOf } from './mergeChunks.ts';

const chunk = (name: string, imports: string[], later: string[] = [], isEntry = false) => ({
  fileName: name,
  imports,
  dynamicImports: later,
  moduleIds: isEntry ? [`${name}.ts`, `${name}-story.ts`] : [`${name}.ts`],
  isEntry,
  facadeModuleId: isEntry ? `${name}.ts` : null,
});
const groups = groupOf([
  chunk('build', ['inputs', 'failure', 'digest'], ['deed'], true),
  chunk('gate', ['failure', 'verdict'], ['http'], true),
  chunk('inputs', ['failure']),
  chunk('digest', ['node:fs']),
  chunk('failure', []),
  chunk('verdict', []),
  chunk('deed', ['verdict', 'http']),
  chunk('http', []),
]);
const together = (name: string) =>
  [...groups].filter(([, group]) => group === groups.get(`${name}.ts`)).map(([id]) => id);

describe('groupOf', () => {
  it.each([
    ['what one entry loads at its start', 'inputs', ['build-story.ts', 'inputs.ts', 'digest.ts']],
    ['what both do', 'failure', ['failure.ts']],
    ['what one does, and the other later', 'verdict', ['verdict.ts']],
    ['what one does alone', 'gate-story', ['gate-story.ts']],
  ])('%s goes together', (_, name, expected) => {
    expect(together(name)).toEqual(expected);
  });

  it.each(['build', 'gate', 'deed', 'http'])('%s stays where the bundler puts it', (name) => {
    expect(groups.has(`${name}.ts`)).toBe(false);
  });
});
