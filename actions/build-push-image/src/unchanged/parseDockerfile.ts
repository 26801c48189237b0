import {
  type Arg,
  DockerfileParser,
  type From,
  type ModifiableInstruction,
  type Instruction as Parsed,
} from 'dockerfile-ast';
import { checkHeredocs } from './checkHeredocs.ts';
import { Undecided } from './Undecided.ts';

export interface Instruction {
  /** In capitals; of an ONBUILD, what it triggers. */
  readonly keyword: string;
  readonly flags: readonly (readonly [name: string, value: string])[];
  /** What stands after the flags; the words of a JSON array, or `undefined` where they are not sure. */
  readonly words: readonly string[] | undefined;
}

export interface Stage {
  /** What FROM names, with its variables. */
  readonly from: string;
  /** In lower case, as BuildKit compares it. */
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** The image of the `# syntax=` directive. */
  readonly syntax: string | undefined;
  /** The ARGs before the first FROM, in order. */
  readonly args: readonly (readonly [name: string, value: string | undefined])[];
  readonly stages: readonly Stage[];
}

/** Reads what decides where a build gets its files from. @throws {Undecided} where it is not sure */
export function parseDockerfile(given: string): Dockerfile {
  const text = given.replace(/^\uFEFF/, '');
  if (/^(#!|\/\/|\s*\{)/.test(text)) throw new Undecided('the Dockerfile begins in an unusual way');
  const parsed = DockerfileParser.parse(text);
  if (parsed.getEscapeCharacter() !== '\\') {
    throw new Undecided('the Dockerfile has an escape character of its own');
  }
  const instructions = parsed.getInstructions();
  checkHeredocs(text, instructions);
  const args: (readonly [string, string | undefined])[] = [];
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction.getKeyword() === 'FROM') stages.push(readFrom(instruction as From));
    else if (stage !== undefined) stage.instructions.push(readInstruction(instruction));
    else args.push(...readArgs(instruction as Arg));
  }
  if (stages.length === 0) throw new Undecided('the Dockerfile has no FROM');
  return { syntax: readSyntax(text), args, stages };
}

/** The comments at the top are directives as long as they look so; the last `syntax` is one too many. */
function readSyntax(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(\S+)/.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (name.toLowerCase() === 'syntax') return value;
  }
  return undefined;
}

function readFrom(from: From): Stage & { readonly instructions: Instruction[] } {
  const image = from.getImage();
  if (image === null) throw new Undecided('a FROM of the Dockerfile names no image');
  return { from: image, name: from.getBuildStage()?.toLowerCase(), instructions: [] };
}

function readArgs(instruction: Arg): (readonly [string, string | undefined])[] {
  if (instruction.getKeyword() !== 'ARG') {
    throw new Undecided(`${instruction.getKeyword()} stands before the first FROM`);
  }
  return instruction
    .getProperties()
    .map((property) => [property.getName(), property.getValue() ?? undefined] as const);
}

function readInstruction(instruction: Parsed): Instruction {
  const keyword = instruction.getKeyword();
  if (keyword === 'ONBUILD') {
    const [trigger = '', ...rest] = instruction.getArguments().map((word) => word.getValue());
    // What it triggers is read by itself, so that its flags are told from its words.
    const alone = DockerfileParser.parse(`FROM x\n${[trigger, ...rest].join(' ')}`);
    const [, triggered] = alone.getInstructions();
    return triggered ? readInstruction(triggered) : { keyword, flags: [], words: undefined };
  }
  const flags = 'getFlags' in instruction ? (instruction as ModifiableInstruction).getFlags() : [];
  return {
    keyword,
    flags: flags.map((flag) => [flag.getName().toLowerCase(), flag.getValue() ?? ''] as const),
    words: readWords(instruction),
  };
}

function readWords(instruction: Parsed): readonly string[] | undefined {
  const words = instruction.getArguments().map((word) => word.getValue());
  if (words[0]?.startsWith('[')) {
    // The parser drops spaces within the strings of an array.
    const raw = (instruction.getRawArgumentsContent() ?? '').replace(/^(--\S+\s+)*/, '');
    return readArray(raw);
  }
  const heredoc = words.findIndex((word) => /^\d*<<-?["']?\w/.test(word));
  if (heredoc === -1) return words;
  // What follows on the lines below is content. On a line that goes on it is not told apart.
  const [line = ''] = (instruction.getRawArgumentsContent() ?? '').split('\n');
  if (/\\\s*$/.test(line)) return undefined;
  const ownLine = line.trim().split(/\s+/);
  return ownLine.filter((word) => !word.startsWith('--'));
}

function readArray(text: string): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string')
      ? words
      : undefined;
  } catch {
    return undefined;
  }
}
