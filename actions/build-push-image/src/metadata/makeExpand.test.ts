import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { exampleEvent } from './exampleEvent.ts';
import { globalValues } from './globalValues.ts';
import { makeExpand } from './makeExpand.ts';

const now = new Date('2020-01-10T15:25:50.123Z');
const event = exampleEvent('refs/heads/my/branch');
const expand = makeExpand(globalValues(event, 7), now, new Date('2019-12-31T23:59:59Z'));

describe('makeExpand', () => {
  it.each([
    ['no expression', 'no expression'],
    ['{{branch}}', 'my/branch'],
    ['{{ branch }}-{{{sha}}}', 'my/branch-860c190'],
    ['{{tag}}|{{base_ref}}', '|'],
    ['{{is_default_branch}} {{is_not_default_branch}}', 'false true'],
    ['{{#if is_default_branch}}a{{else}}b{{/if}}', 'b'],
    ['{{#unless is_default_branch}}a{{/unless}}', 'a'],
    ['{{! a comment }}x', 'x'],
    ["{{date 'dddd, MMMM Do YYYY, h:mm:ss a'}}", 'Friday, January 10th 2020, 3:25:50 pm'],
    ["{{date 'YYYYMMDD-HHmmss' tz='Asia/Tokyo'}}", '20200111-002550'],
    ["{{commit_date 'YYYYMMDD'}}", '20191231'],
    ["{{commit_date 'YYYYMMDD' tz='Asia/Tokyo'}}", '20200101'],
    ['{{date}}', '2020-01-10T15:25:50+00:00'],
  ])('%s', (text, expected) => {
    expect(expand(text)).toBe(expected);
  });

  it('knows a version only where there is one', () => {
    expect(expand('{{major}}', { major: 1 })).toBe('1');
    expect(() => expand('{{major}}')).toThrow('there is no expression {{major}} here');
  });
});

describe('what a text may not do, whoever wrote it', () => {
  const written = jest.spyOn(console, 'log');
  afterEach(() => {
    written.mockClear();
  });

  it.each([
    "{{log '::set-env name=A::b'}}",
    '{{#each this}}x{{/each}}',
    '{{#with branch}}{{length}}{{/with}}',
    "{{lookup this 'branch'}}",
    '{{this}}',
    '{{.}}',
    '{{../branch}}',
    '{{@root}}',
    '{{branch.length}}',
    '{{branch.constructor.constructor}}',
    '{{constructor}}',
    '{{__proto__}}',
    '{{#*inline "a"}}{{> a}}{{/inline}}{{> a}}',
    '{{> a}}',
    '{{* a}}',
    '{{helperMissing}}',
    '{{blockHelperMissing}}',
    "{{date (date 'YYYY')}}",
    "{{date 'YYYY' format='x'}}",
    "{{date 'YYYY' 'MM'}}",
    "{{date 'YYYY' tz='Mars/Olympus'}}",
    '{{if}}',
    "{{branch 'x'}}",
    '{{#if is_default_branch}}',
    '{{',
    '{{}}',
    `{{${'a'.repeat(10_000)}}}`,
  ])('%s', (text) => {
    let problem: unknown;
    try {
      expand(text);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(InputProblem);
    expect((problem as InputProblem).message.length).toBeLessThan(400);
    expect(written).not.toHaveBeenCalled();
  });

  it('a name is never read as an expression', () => {
    const hostile = globalValues(exampleEvent('refs/heads/{{log}}{{date}}'), 7);
    expect(makeExpand(hostile, now, now)('{{branch}}')).toBe('{{log}}{{date}}');
  });
});
