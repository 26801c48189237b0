import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Options } from './readWish.ts';

/** An option that is true or false; `undefined` where it is not given. */
export function readFlag(options: Options, name: string): boolean | undefined {
  const value = options[name];
  if (value === undefined || value === 'true' || value === 'false')
    return value && value === 'true';
  throw new Failure({
    what: `Input builder: ${name} is neither true nor false, but ${JSON.stringify(value)}.`,
    remedy: 'Write `true` or `false`.',
  });
}
