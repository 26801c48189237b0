import { DockerfileParser, type From } from 'dockerfile-ast';
import { Failure } from '../../failure/Failure.ts';

/**
 * A Dockerfile that puts labels on its image as `docker build --label` does, of which a run of ACR tasks
 * knows nothing: as the last instruction of the stage that is built. Nothing above it changes, so that
 * neither do the lines that errors name, nor what comes from a cache.
 *
 * @param target the stage that is built; the last one by default
 * @throws {Failure} for what a Dockerfile cannot say
 */
export function withLabels(
  text: string,
  labels: Readonly<Record<string, string>>,
  target?: string,
): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return text;
  const parsed = DockerfileParser.parse(text);
  const mark = parsed.getEscapeCharacter();
  const words = entries.map(([name, value]) => `${quote(name, mark)}=${quote(value, mark)}`);
  const instruction = `LABEL ${words.join(' ')}`;
  const lines = text.split('\n');
  const end = endOf(parsed.getFROMs(), target) ?? lines.length;
  const above = lines.slice(0, end).join('\n').trimEnd();
  if (above.endsWith(mark)) {
    throw new Failure({
      what: 'The Dockerfile ends in the middle of an instruction, so that no labels can be set.',
      remedy: `Remove the ${JSON.stringify(mark)} at its end.`,
    });
  }
  return [above, instruction, ...lines.slice(end), ...(end < lines.length ? [] : [''])].join('\n');
}

/** The line at which the stage ends: that of the next FROM; `undefined` for the last stage. */
function endOf(froms: readonly From[], target: string | undefined): number | undefined {
  if (target === undefined) return undefined;
  const named = froms.findLastIndex(
    (from) => from.getBuildStage()?.toLowerCase() === target.toLowerCase(),
  );
  const index = named === -1 && /^\d+$/.test(target) ? Number(target) : named;
  return index === -1 ? undefined : froms[index + 1]?.getRange().start.line;
}

/** @param mark what takes the meaning from the next character */
function quote(text: string, mark: string): string {
  if (/[\r\n\0]/.test(text)) {
    throw new Failure({
      what: `ACR tasks cannot set the label ${JSON.stringify(text)}: it has more than one line.`,
      remedy: 'Write it in one line, or build by another builder.',
    });
  }
  // Within double quotes these three mean something.
  const plain = [...text].map((one) => (['"', '$', mark].includes(one) ? mark + one : one));
  return `"${plain.join('')}"`;
}
