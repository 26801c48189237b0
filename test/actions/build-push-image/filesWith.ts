import { lstatSync, readFileSync } from 'node:fs';
import { pathsBelow } from '../../lab/faults/leftBehind.ts';

/** The files below the folders that hold one of the texts, as it is or in base64 (as docker keeps a login). */
export function filesWith(folders: readonly string[], texts: readonly string[]): string[] {
  const wanted = texts.flatMap((text) => [text, ...base64Of(text)]);
  return [...pathsBelow(folders)].filter((path) => {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return false;
    const bytes = readFileSync(path);
    return wanted.some((text) => bytes.includes(text));
  });
}

/** What is always there of a text in base64, wherever in the encoded text it begins. */
export function base64Of(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'\0'.repeat(before)}${text}`).toString('base64');
    // The first and last characters hold bits of what stands beside it.
    return encoded.replaceAll('=', '').slice(before === 0 ? 0 : before + 1, -2);
  });
}
