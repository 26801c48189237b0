import { expect, it } from '@jest/globals';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { RunningImage } from '../../../../shared/kube/reports/RunningImage.ts';
import { unattested } from './unattested.ts';

const of = (name: string, what: string | undefined) => ({
  image: { name } as RunningImage,
  failure: what === undefined ? undefined : new Failure({ what, remedy: 'Do this.' }),
});

it('tells of each image whose verdict could not be attached, and of one trouble once', () => {
  const told = unattested([
    of('web', 'The registry denies it.'),
    of('job', undefined),
    of('api', 'web2 is gone.'),
    of('db', 'No evidence can be attached.'),
    of('queue', 'No evidence can be attached.'),
  ]);
  expect(told.map(({ message }) => message)).toEqual([
    'web: The registry denies it. Do this.',
    'api: web2 is gone. Do this.',
    '2 images: No evidence can be attached. Do this.',
  ]);
});
