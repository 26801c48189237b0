import { describe, expect, it } from '@jest/globals';
import { changedFields, changeLine } from './changedFields.ts';

const pod = (container: object, more: object = {}) => ({
  containers: [{ name: 'web', ...container }],
  ...more,
});

describe('what changed between two pod templates', () => {
  it.each<[string, unknown, unknown, string[]]>([
    ['nothing', pod({ image: 'a' }), pod({ image: 'a' }), []],
    [
      'an image',
      pod({ image: 'a:1' }),
      pod({ image: 'a:2' }),
      ['containers[web].image: a:1 → a:2'],
    ],
    [
      'what came and what went',
      pod({ workingDir: '/a' }),
      pod({}, { priority: 1 }),
      ['containers[web].workingDir: /a → (not set)', 'priority: (not set) → 1'],
    ],
    [
      'a variable, whose value may be secret',
      pod({ env: [{ name: 'PASSWORD', value: 'one' }] }),
      pod({ env: [{ name: 'PASSWORD', value: 'two' }] }),
      ['containers[web].env[PASSWORD].value: changed'],
    ],
    [
      'arguments and annotations, which may be so as well',
      pod({ args: ['--token=one'] }, { metadata: { annotations: { checksum: '1' } } }),
      pod({ args: ['--token=two'] }, { metadata: { annotations: { checksum: '2' } } }),
      ['containers[web].args[0]: changed', 'metadata.annotations.checksum: changed'],
    ],
    [
      'a handler of a life cycle, and a probe of a command',
      pod({ lifecycle: { preStop: { exec: { command: ['a'] } } } }),
      pod({ lifecycle: { preStop: { exec: { command: ['b'] } } } }),
      ['containers[web].lifecycle.preStop.exec.command[0]: changed'],
    ],
    [
      'not what the controller marks',
      { metadata: { labels: { 'pod-template-hash': '1' } } },
      { metadata: { labels: { 'pod-template-hash': '2' } } },
      [],
    ],
  ])('%s', (_name, before, after, lines) => {
    expect(changedFields(before, after).map(changeLine)).toEqual(lines);
  });
});
