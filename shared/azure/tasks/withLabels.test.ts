import { describe, expect, it } from '@jest/globals';
import { withLabels } from './withLabels.ts';

describe('withLabels', () => {
  it.each<[string, string, Record<string, string>, string | undefined, string]>([
    ['nothing', 'FROM a\n', {}, undefined, 'FROM a\n'],
    ['the last stage', 'FROM a\nRUN b\n', { c: 'd' }, undefined, 'FROM a\nRUN b\nLABEL "c"="d"\n'],
    ['several', 'FROM a', { c: 'd', e: 'f g' }, undefined, 'FROM a\nLABEL "c"="d" "e"="f g"\n'],
    [
      'the stage that is built',
      'FROM a AS One\nRUN b\n\nFROM One\nRUN c\n',
      { d: 'e' },
      'one',
      'FROM a AS One\nRUN b\nLABEL "d"="e"\nFROM One\nRUN c\n',
    ],
    [
      'the stage by its number',
      'FROM a\nFROM b\n',
      { d: 'e' },
      '0',
      'FROM a\nLABEL "d"="e"\nFROM b\n',
    ],
    [
      'the last stage by its name',
      'FROM a AS x\n',
      { d: 'e' },
      'x',
      'FROM a AS x\nLABEL "d"="e"\n',
    ],
    [
      'what means something',
      'FROM a\n',
      { c: 'a "b" $HOME \\n' },
      undefined,
      'FROM a\nLABEL "c"="a \\"b\\" \\$HOME \\\\n"\n',
    ],
    [
      'another escape character',
      '# escape=`\nFROM a\n',
      { c: 'C:\\x "`" $y' },
      undefined,
      '# escape=`\nFROM a\nLABEL "c"="C:\\x `"```" `$y"\n',
    ],
    [
      'after a here-document',
      'FROM a\nRUN <<E\nb\nE',
      { c: 'd' },
      undefined,
      'FROM a\nRUN <<E\nb\nE\nLABEL "c"="d"\n',
    ],
  ])('%s', (_, text, labels, target, expected) => {
    expect(withLabels(text, labels, target)).toBe(expected);
  });

  it.each([
    ['what has two lines', 'FROM a', { c: 'd\ne' }, 'it has more than one line'],
    [
      'a Dockerfile that is cut',
      'FROM a\nRUN b \\\n',
      { c: 'd' },
      'in the middle of an instruction',
    ],
  ])('refuses %s', (_, text, labels, said) => {
    expect(() => withLabels(text, labels)).toThrow(said);
  });
});
