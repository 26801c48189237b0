import { InputProblem } from './InputReader.ts';

/** @throws {InputProblem} when the text is not a YAML mapping */
export async function checkMapping(yaml: string): Promise<void> {
  const { parseMapping, YamlProblem } = await import('../yaml/parseMapping.ts');
  try {
    parseMapping(yaml);
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    throw new InputProblem(`is not a YAML mapping: ${error.message}`, 'Write `key: value` lines.');
  }
}
