import { Failure } from './Failure.ts';

/** Something kept us from looking: nothing is known to be wrong with what was to be judged. */
export class NotJudged extends Failure {}
