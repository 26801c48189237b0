import { describe, expect, it } from '@jest/globals';
import { namespaceList, reportKinds } from './parsers.ts';

describe('namespaces', () => {
  it.each([
    ['apps', ['apps']],
    ['apps\n# not this\n web-1 \n', ['apps', 'web-1']],
    ['*', 'all'],
  ])('%j', async (given, expected) => {
    expect(await namespaceList(given)).toEqual(expected);
  });

  it.each([
    ['', 'names no namespace'],
    ['*\napps', 'has `*` beside names'],
    ['apps, web', '"apps, web" is not a namespace'],
    ['../secrets', 'is not a namespace'],
    ['a'.repeat(64), 'is not a namespace'],
  ])('%j is refused', async (given, said) => {
    await expect(async () => namespaceList(given)).rejects.toThrow(said);
  });
});

describe('kinds of reports', () => {
  it.each([
    ['vulnerability', ['vulnerability']],
    ['secret, compliance\nsecret', ['secret', 'compliance']],
  ])('%j', async (given, expected) => {
    expect([...(await reportKinds(given))]).toEqual(expected);
  });

  it.each([
    [' ', 'names no kind'],
    ['vulnerabilities', '"vulnerabilities" is not a kind of report'],
  ])('%j is refused', async (given, said) => {
    await expect(async () => reportKinds(given)).rejects.toThrow(said);
  });
});
