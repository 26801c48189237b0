import { expect, it } from '@jest/globals';
import { Failure } from '../failure/Failure.ts';
import { explainDisk } from './explainDisk.ts';

const coded = (code: string, syscall?: string) =>
  Object.assign(new Error(`${code}: said`), { code, ...(syscall && { syscall }) });

it.each([
  [coded('ENOENT', 'open'), 'Check the path'],
  [coded('ENOSPC', 'write'), 'Free some disk'],
  [coded('EACCES', 'open'), 'read it'],
  [coded('EIO', 'read'), 'state of the disk'],
  [coded('TAR_BAD_ARCHIVE'), 'damaged'],
  [coded('Z_DATA_ERROR'), 'damaged'],
])('%s', (error, remedy) => {
  const failure = explainDisk(error, 'It was not opened.');
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({
    what: 'It was not opened.',
    why: expect.stringContaining('said'),
    remedy: expect.stringContaining(remedy),
  });
});

it.each([
  new Failure({ what: 'known' }),
  new TypeError('a defect'),
  coded('ECONNRESET'),
  coded('ERR_ASSERTION'),
  undefined,
])('%s stays what it is', (error) => {
  expect(explainDisk(error, 'x')).toBe(error);
});
