// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what this file removes

/** Everything that an escape sequence can be: CSI, OSC (links, titles), and the two-character ones. */
const escapeSequence =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]|\u009b[0-?]*[ -/]*[@-~]/g;
const colour = /^\u001b\[[0-9;]*m$/;
const control = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u2028\u2029]/g;
/** Characters that reorder or hide text (Unicode TR 36, "trojan source"). */
const deceptive = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Text of which nothing has to go, which is nearly all of it. */
const printable = /^[\t\n -~]*$/;

/**
 * Makes one piece of text from a program, a pod or a server harmless in a log: colours stay, all
 * other escape sequences and control characters go, and characters that reorder or hide text are
 * shown as their code. Tabs and line feeds stay; a carriage return becomes a line feed.
 */
export function sanitize(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(escapeSequence, (sequence) => (colour.test(sequence) ? sequence : ''))
    .replace(/\u001b(?!\[[0-9;]*m)/g, '')
    .replace(control, '')
    .replace(deceptive, (character) => `<U+${codePoint(character)}>`);
}

/** Like {@link sanitize}, for places that show no colours (annotations, summaries, outputs). */
export function plainText(text: string): string {
  if (printable.test(text)) return text;
  return sanitize(text).replace(/\u001b\[[0-9;]*m/g, '');
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
