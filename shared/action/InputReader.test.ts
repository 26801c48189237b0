import { describe, expect, it } from '@jest/globals';
import { InputReader } from './InputReader.ts';
import { boolean, duration, lines, oneOf, text } from './parsers.ts';

function reader(env: Record<string, string>, masked: string[] = []) {
  return new InputReader(env, (secret) => masked.push(secret));
}

function messages(read: InputReader): string[] {
  try {
    read.finish();
    return [];
  } catch (error) {
    return (error as AggregateError).errors.map(String);
  }
}

describe('InputReader', () => {
  it('gives undefined for what is absent, empty or blank, never an empty text', async () => {
    for (const env of [{}, { INPUT_A: '' }, { INPUT_A: ' \n' }] as Record<string, string>[]) {
      expect(await reader(env).optional('a', text)).toBeUndefined();
    }
  });

  it('finds the variable as the runner names it', async () => {
    const read = reader({ 'INPUT_BUILD-ARGS': 'x', INPUT_MY_NAME: 'y' });
    expect(await read.optional('build-args', text)).toBe('x');
    expect(await read.optional('my name', text)).toBe('y');
  });

  it('reports all that is wrong, with name, what was given, and remedy', async () => {
    const read = reader({ 'INPUT_ON-VIOLATION': 'fial', INPUT_PUSH: 'yes' });
    await read.required('image', text);
    await read.required('push', boolean);
    await read.optional('on-violation', oneOf(['fail', 'warn'], 'known'));
    expect(messages(read)).toEqual([
      'Failure: Input image is required and was not given. Add `image:` under `with:`.',
      'Failure: Input push: is not a boolean (given: "yes"). Write `true` or `false`.',
      'Failure: Input on-violation: "fial" is not known (given: "fial"). Did you mean fail? Write one of fail, warn.',
    ]);
  });

  it('masks a secret before it is parsed, and never quotes it', async () => {
    const masked: string[] = [];
    const read = reader({ INPUT_TOKEN: 'hunter2' }, masked);
    await read.secret('token', boolean);
    expect(masked).toEqual(['hunter2']);
    expect(messages(read)[0]).toBe(
      'Failure: Input token: is not a boolean. Write `true` or `false`.',
    );
  });

  it('cuts a long value in a message', async () => {
    const read = reader({ INPUT_A: 'x'.repeat(500) });
    await read.required('a', boolean);
    expect(messages(read)[0]?.length).toBeLessThan(200);
  });

  it('tells of keys that no input has, with the nearest', async () => {
    const read = reader({ INPUT_SEVERTY: 'HIGH', INPUT_XYZ: '1', OTHER: '1' });
    await read.optional('severity', text);
    expect(read.unknown()).toEqual([
      { name: 'severty', meant: 'severity' },
      { name: 'xyz', meant: undefined },
    ]);
  });

  it('lets a defect of a parser through as it is', async () => {
    const broken = () => {
      throw new TypeError('ours');
    };
    await expect(reader({ INPUT_A: 'x' }).optional('a', broken)).rejects.toThrow(TypeError);
  });
});

describe('parsers', () => {
  it.each([
    ['true', true],
    ['True', true],
    ['FALSE', false],
    [' false ', false],
  ])('boolean %j', (given, expected) => {
    expect(boolean(given)).toBe(expected);
  });

  it.each(['yes', 'on', '1', 'tRUE', '"true"'])('boolean refuses %j', (given) => {
    expect(() => boolean(given)).toThrow('is not a boolean');
  });

  it.each([
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['250ms', 250],
  ])('duration %j', (given, expected) => {
    expect(duration(given)).toBe(expected);
  });

  it.each(['', '5', '5 m', 'm', '-1s', '1w'])('duration refuses %j', (given) => {
    expect(() => duration(given)).toThrow('is not a duration');
  });

  it('lists: a line an entry, blanks and comments left out', () => {
    expect(lines((line) => line)('a\r\n\n  b  \n# c\n')).toEqual(['a', 'b']);
  });
});
