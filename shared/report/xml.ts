import { plainText } from '../log/sanitize.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 has no way to write (2.2, Char)
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const harmless = /^[ !#-%(-;=?-~]*$/;
const special = /[<>&"'\t\n\r]/g;

/** Untrusted text as a value of an attribute or as content, whatever characters it has. */
export function xmlText(text: string): string {
  const plain = plainText(text);
  if (harmless.test(plain)) return plain;
  return plain
    .replace(forbidden, '')
    .replace(special, (character) => `&#${character.codePointAt(0)};`);
}

/** An element with attributes; `content` is XML already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content = '',
): string {
  let tag = name;
  for (const key in attributes) tag += ` ${key}="${xmlText(String(attributes[key]))}"`;
  return content === '' ? `<${tag}/>` : `<${tag}>${content}</${name}>`;
}
