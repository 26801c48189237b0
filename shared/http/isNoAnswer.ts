import { RequestError } from 'got';

/** Whether an error, or what caused it, is that a server gave no answer. */
export function isNoAnswer(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof RequestError) return true;
  }
  return false;
}
