import * as v from 'valibot';
import { parsePurl } from '../../purl/parsePurl.ts';
import { pathGlob } from '../../text/pathGlob.ts';
import { parseExpiry } from './parseExpiry.ts';

/** A text that is not empty. */
export const words = (about: string) =>
  v.pipe(
    v.string(),
    v.regex(/\S/, 'is empty'),
    v.maxLength(5000, 'is too long'),
    v.description(about),
  );

export const purl = (about: string) =>
  v.pipe(
    words(about),
    v.check((text) => parsePurl(text) !== undefined, 'is no package URL (pkg:type/name@version)'),
  );

export const glob = (about: string) => v.pipe(words(about), v.check(isGlob, 'is no glob of paths'));

export const end = (about: string) =>
  v.pipe(
    words(about),
    v.check(
      (text) => parseExpiry(text) instanceof Date,
      ({ input }) => String(parseExpiry(input)),
    ),
  );

function isGlob(text: string): boolean {
  try {
    pathGlob(text);
    return true;
  } catch {
    return false;
  }
}
