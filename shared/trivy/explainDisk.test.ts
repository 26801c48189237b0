import { expect, it } from '@jest/globals';
import { Failure } from '../failure/Failure.ts';
import { explainDisk } from './explainDisk.ts';

const coded = (code: string, message = 'said') => Object.assign(new Error(message), { code });

it.each([
  [coded('ENOENT'), 'Check the path'],
  [coded('ENOSPC'), 'Free some disk'],
  [coded('EACCES'), 'Let the user'],
  [coded('EIO'), 'state of the disk'],
  [coded('TAR_BAD_ARCHIVE'), 'damaged'],
  [coded('TAR_ENTRY_ERROR', 'it said: ENOSPC: no space left'), 'Free some disk'],
  [coded('Z_DATA_ERROR'), 'damaged'],
])('%j', (error, remedy) => {
  const failure = explainDisk(error, 'It was not opened.');
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({
    what: 'It was not opened.',
    why: expect.stringMatching(/said/i),
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
