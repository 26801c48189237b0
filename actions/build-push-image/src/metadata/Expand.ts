/** What a version's own expressions stand for (`{{major}}`). */
export type Values = Readonly<Record<string, string | number | boolean>>;

/**
 * Replaces the expressions of a text.
 *
 * @throws {InputProblem} that says which expression is wrong
 */
export type Expand = (text: string, values?: Values) => string;

/** Without its braces a text stands for itself, and nothing has to be loaded. */
export const hasExpressions = (text: string): boolean => text.includes('{{');
