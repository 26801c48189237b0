import type { Waiver } from '../Waiver.ts';
import { readIgnoreList } from './readIgnoreList.ts';
import { readIgnoreYaml } from './readIgnoreYaml.ts';

/**
 * Reads Trivy's ignore files as waivers that lack what the file does not say. Both are honoured, and
 * the judgement tells what they lack.
 *
 * @param file its name tells which of the two formats it has
 * @throws {AggregateError} of one Failure a problem, each with its place
 */
export function readIgnores(text: string, file: string): Waiver[] {
  return /\.ya?ml$/i.test(file) ? readIgnoreYaml(text, file) : readIgnoreList(text, file);
}
