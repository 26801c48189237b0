import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { parseReference } from '../../../../shared/oci/Reference.ts';
import { ruleTypes, type TagRule } from './TagRule.ts';

/**
 * Reads a tag or a whole reference that stands for itself; both may hold expressions.
 *
 * A path without a tag is refused: docker/build-push-action takes `feature/x` for an image, and
 * docker/metadata-action makes the tag `feature-x` of it.
 */
export function readPlainTag(line: string): TagRule {
  const { priority } = ruleTypes.raw;
  const common = { line, enable: 'true', priority, prefix: undefined, suffix: undefined };
  const shape = line.replace(/\{\{.*?\}\}/gs, 'x');
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(shape))
    return { ...common, type: 'raw', value: line };
  const found = readShape(shape);
  if (found?.tag === undefined || found.digest !== undefined) {
    throw new InputProblem(
      found === undefined
        ? 'it is neither a tag nor a reference'
        : 'it is a reference without a tag, or with a digest',
      'Write a tag, a whole `registry/path:tag`, or `type=raw,value=…` for a tag made from any text.',
    );
  }
  return { ...common, type: 'reference', value: line };
}

function readShape(shape: string): ReturnType<typeof parseReference> | undefined {
  try {
    return parseReference(shape);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
