import { Failure } from '../../../../shared/failure/Failure.ts';

/** What is only told to people does not keep the step waiting. */
const patienceMs = 5000;

/** Settles when what is only told to people is not waited for any more. */
export function patience(ms = patienceMs): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

/** What was asked of a server, or `undefined` where it refuses, talks nonsense, or is late. */
export function ifKnown<T>(asked: Promise<T>, late: Promise<unknown>): Promise<T | undefined> {
  const known = asked.catch((error: unknown) => {
    if (error instanceof Failure || error instanceof SyntaxError) return undefined;
    throw error;
  });
  return Promise.race([known, late.then(() => undefined)]);
}
