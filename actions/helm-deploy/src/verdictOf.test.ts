import { expect, it } from '@jest/globals';
import { Failure } from '../../../shared/failure/Failure.ts';
import { NotJudged } from '../../../shared/failure/NotJudged.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { Cancelled } from '../../../shared/process/Cancelled.ts';
import { verdictOf } from './verdictOf.ts';

const failure = new Failure({ what: 'It is broken.', why: 'It says: hunter2', remedy: 'Mend it.' });

it.each([
  ['a reason against it', failure, 'violation', 'It is broken. It says: ***.'],
  ['wrong inputs', new AggregateError([failure]), 'violation', 'It is broken. It says: ***.'],
  ['another job', new NotJudged({ what: 'It is held.' }), 'incomplete', 'It is held.'],
  ['a cancelled job', new Cancelled('SIGINT'), 'incomplete', 'The job was cancelled (SIGINT).'],
  ['a defect of ours', new TypeError('x is\nnot'), 'incomplete', 'x is not'],
])('%s', async (_name, error, verdict, reason) => {
  expect(await verdictOf(error, ['hunter2'])).toEqual({ verdict, reason });
});

it('a server that is not there', async () => {
  const ask = httpClient({ env: {}, log: silent });
  const error = await ask({ url: 'http://127.0.0.1:1/', repeatable: false }).catch((one) => one);
  const around = new Failure({ what: 'The API server does not answer.', cause: error });
  expect((await verdictOf(around, [])).verdict).toBe('incomplete');
});
