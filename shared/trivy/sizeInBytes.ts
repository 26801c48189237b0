/** As Trivy reads `--max-image-size`: 1000 is the next unit, an `i` in it changes nothing. */
const size = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i;
const units = ['', 'k', 'm', 'g', 't', 'p'];

/** @returns `undefined` for what is no size, such as `10 gigs` */
export function sizeInBytes(text: string): number | undefined {
  const [, amount, unit = ''] = size.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * 1000 ** units.indexOf(unit.toLowerCase());
}
