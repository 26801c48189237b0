import { describe, expect, it } from '@jest/globals';
import { serverError } from './answers.ts';
import { type Rule, RuleBook } from './Rule.ts';

const fault = serverError(503);

/** Which rules befall these requests (`GET /path`), by their names. */
function befallen(rules: readonly Rule[], asked: readonly string[]): (string | undefined)[] {
  const book = new RuleBook(rules);
  return asked.map((text) => {
    const [method = '', url = ''] = text.split(' ');
    return book.take({ method, url, headers: { 'x-attempt': '2' } })?.name;
  });
}

describe('RuleBook', () => {
  it.each<[string, Rule[], string[], (string | undefined)[]]>([
    ['every request', [{ name: 'a', fault }], ['GET /', 'PUT /x'], ['a', 'a']],
    [
      'the first two',
      [{ name: 'a', which: { first: 2 }, fault }],
      ['GET /', 'GET /', 'GET /'],
      ['a', 'a', undefined],
    ],
    [
      'only the second',
      [{ name: 'a', which: { nth: 2 }, fault }],
      ['GET /', 'GET /', 'GET /'],
      [undefined, 'a', undefined],
    ],
    [
      'a method and a prefix',
      [{ name: 'a', method: 'PUT', path: '/v2/', which: { first: 1 }, fault }],
      ['GET /v2/x', 'PUT /v1/x', 'PUT /v2/x', 'PUT /v2/x'],
      [undefined, undefined, 'a', undefined],
    ],
    [
      'methods and a pattern, query included',
      [{ name: 'a', method: ['PUT', 'PATCH'], path: /uploads.*digest=/g, fault }],
      [
        'PATCH /uploads/1?digest=a',
        'PUT /uploads/1?digest=a',
        'PUT /uploads/1',
        'GET /uploads/1?digest=a',
      ],
      ['a', 'a', undefined, undefined],
    ],
    [
      'what its headers say',
      [
        { name: 'a', when: (headers) => headers['x-attempt'] === '1', fault },
        { name: 'b', when: (headers) => headers['x-attempt'] === '2', fault },
      ],
      ['GET /'],
      ['b'],
    ],
    [
      'one after the other, each counting all that match',
      [
        { name: 'a', which: { first: 1 }, fault },
        { name: 'b', which: { nth: 2 }, fault },
      ],
      ['GET /', 'GET /', 'GET /'],
      ['a', 'b', undefined],
    ],
  ])('lets rules befall %s', (_name, rules, asked, expected) => {
    expect(befallen(rules, asked)).toEqual(expected);
  });

  it('counts what a rule has befallen, and forgets it when it goes', () => {
    const rule: Rule = { which: { nth: 2 }, fault };
    const book = new RuleBook([rule]);
    const request = { method: 'GET', url: '/', headers: {} };
    for (let index = 0; index < 3; index++) book.take(request);
    expect(book.fired(rule)).toBe(1);
    book.remove(rule);
    expect(book.take(request)).toBeUndefined();
    expect(book.fired(rule)).toBe(0);
  });
});
