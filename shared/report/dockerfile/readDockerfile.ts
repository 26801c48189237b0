import { DockerfileParser } from 'dockerfile-ast';
import type { Dockerfile } from './Dockerfile.ts';

/** Reads the instructions. It never fails: what is no Dockerfile has none that match a layer. */
export function readDockerfile(file: string, text: string): Dockerfile {
  const instructions = DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => ({
      line: instruction.getRange().start.line + 1,
      keyword: instruction.getKeyword(),
      text: instruction
        .getArguments()
        .map((argument) => argument.getValue())
        .join(' '),
    }));
  return { file, instructions };
}
