import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { hostileText } from '../../test/lab/fixtures/hostileText.ts';
import { Failure } from '../failure/Failure.ts';
import { readChecked } from './readChecked.ts';

const schema = v.strictObject({
  severities: v.optional(v.array(v.picklist(['CRITICAL', 'HIGH']))),
  list: v.optional(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.minLength(2, 'is too short')),
        reason: v.string(),
      }),
    ),
  ),
  most: v.optional(v.number()),
  deep: v.optional(v.pipe(v.strictObject({ on: v.boolean() }))),
});

function problemsOf(text: string): Failure[] {
  try {
    readChecked(text, schema, { file: 'policy.yaml', empty: {} });
  } catch (error) {
    return (error as AggregateError).errors;
  }
  return [];
}

describe('what is wrong', () => {
  it.each<[string, string, string[]]>([
    ['nothing', 'severities: [HIGH]\n', []],
    ['nothing, in JSON', '{"most": 3}', []],
    ['nothing at all', '', []],
    ['only a comment', '# later\n', []],
    [
      'a list where a mapping should be',
      '- a\n',
      ['policy.yaml:1:1: is not a mapping (given: a list).'],
    ],
    [
      'unknown keys, all of them',
      'sevrities: []\nmost: 1\nsomething: 2\ndeep:\n  on: true\n  of: 1\n',
      [
        'policy.yaml:1:1: sevrities: there is no such key. Did you mean severities? There are severities, list, most, deep.',
        'policy.yaml:3:1: something: there is no such key. There are severities, list, most, deep.',
        'policy.yaml:6:3: deep.of: there is no such key. Did you mean on? There are on.',
      ],
    ],
    [
      'a word that is not one of them',
      'severities:\n  - HIGH\n  - CRITCAL\n',
      [
        'policy.yaml:3:5: severities[1]: "CRITCAL" is not one of CRITICAL, HIGH. Did you mean CRITICAL?',
      ],
    ],
    [
      'types, and what is missing',
      'most: "3"\nlist:\n  - name: a\n  - name: 5\n    reason: r\n',
      [
        'policy.yaml:1:1: most: is not a number (given: "3").',
        'policy.yaml:3:5: list[0].name: is too short (given: "a").',
        'policy.yaml:3:5: list[0]: reason is missing.',
        'policy.yaml:4:5: list[1].name: is not a text (given: 5).',
      ],
    ],
    [
      'a key twice',
      'most: 1\nmost: 2\n',
      ['policy.yaml:2:1: it is not YAML: Map keys must be unique.'],
    ],
    [
      'what an alias holds',
      'list: &a [{name: xx}]\ndeep: *a\n',
      [
        'policy.yaml:1:11: list[0]: reason is missing.',
        'policy.yaml:2:1: deep: is not a mapping (given: a list).',
      ],
    ],
    ['an empty list', '[]', ['policy.yaml:1:1: is not a mapping (given: a list).']],
    [
      'two documents',
      'most: 1\n---\nmost: 2\n',
      [
        'policy.yaml:2:1: it is not YAML: Source contains multiple documents; please use YAML.parseAllDocuments().',
      ],
    ],
    [
      'keys of the prototype',
      '__proto__: {most: 1}\n',
      ['policy.yaml:1:1: __proto__: there is no such key. There are severities, list, most, deep.'],
    ],
    [
      'a merge',
      'deep:\n  <<: {on: true}\n',
      [
        'policy.yaml:1:1: deep: on is missing.',
        'policy.yaml:2:3: deep.<<: there is no such key. There are on.',
      ],
    ],
    [
      'a number that is none',
      'most: .nan\n',
      ['policy.yaml:1:1: most: is not a number (given: NaN).'],
    ],
  ])('%s', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems.map(({ message }) => message)).toEqual(expected);
    for (const problem of problems) expect(problem).toBeInstanceOf(Failure);
  });

  it('has a place for the annotation', () => {
    expect(problemsOf('most: 1\nmots: 2\n')[0]?.place).toEqual({
      file: 'policy.yaml',
      line: 2,
      column: 1,
    });
  });

  it('aliases that grow are refused', () => {
    const rows = ['a: &a0 [x,x,x,x,x,x,x,x,x]'];
    for (let at = 1; at < 9; at++) rows.push(`a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`);
    expect(() => readChecked(rows.join('\n'), schema, { file: 'p', empty: {} })).toThrow();
  });

  it('hostile texts stay one line', () => {
    for (const { text } of hostileText) {
      for (const document of [
        text,
        JSON.stringify({ [text]: text }),
        JSON.stringify({ most: text }),
      ]) {
        for (const { message } of problemsOf(document)) {
          expect(message).toMatch(/^policy\.yaml:\d+:\d+: .*$/);
          expect(message).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
        }
      }
    }
  });
});
