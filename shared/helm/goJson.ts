/**
 * What Go's YAML reader takes for the end of a line even between quotes (YAML 1.1 does), and what it
 * refuses.
 */
const special = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** JSON that Helm, which reads it as YAML 1.1, reads to the byte. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    special,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
