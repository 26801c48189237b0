/** What is shorter stands in every log. */
const shortest = 4;

/**
 * The texts of secret values that the log must not show: each text, each of its lines, and long
 * numbers.
 */
export function secretsIn(value: unknown): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(secretsIn);
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const text = String(value);
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return [...new Set([text, ...lines])].filter((part) => part.trim().length >= shortest);
}
