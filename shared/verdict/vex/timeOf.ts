/** The first of these texts that is a time. */
export function timeOf(...texts: readonly (string | undefined)[]): Date | undefined {
  for (const text of texts) {
    const time = Date.parse(text ?? '');
    if (!Number.isNaN(time)) return new Date(time);
  }
  return undefined;
}
