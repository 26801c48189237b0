import {
  type Arg,
  DockerfileParser,
  type Env,
  type From,
  type Instruction,
  type Run,
} from 'dockerfile-ast';
import { expandVariables, Unresolvable } from './expandVariables.ts';

export interface BuildFacts {
  /** `NAME=value`, as buildx is told. */
  readonly buildArgs: readonly string[];
  /** The stage that is built; the last one by default. */
  readonly target: string | undefined;
  /** What is built; the builder's own platform when nothing is said. */
  readonly platforms: readonly string[];
  /** Of the builder: `linux/amd64`. */
  readonly nativePlatform: string;
}

type Variables = ReadonlyMap<string, string | undefined>;

/** One RUN that mounts something, and what a variable means there. */
export interface MountingRun {
  /** The text behind `--mount=`. */
  readonly mounts: readonly string[];
  readonly variables: Variables;
}

export interface Stage {
  readonly name: string | undefined;
  /** The image at the bottom of it, through other stages: `node:24-slim`. */
  readonly base: string;
  readonly runs: readonly MountingRun[];
}

interface Open {
  readonly name: string | undefined;
  readonly base: string;
  readonly uses: Set<number>;
  readonly runs: MountingRun[];
  variables: Map<string, string | undefined>;
  /** Set by ENV, which no ARG overrides. */
  env: Set<string>;
}

/**
 * Reads the stages of a Dockerfile that a build for one platform comes through, with what variables
 * mean in each.
 *
 * @throws {Unresolvable} when a stage's image cannot be told
 */
export function readStages(text: string, facts: BuildFacts, platform: string): Stage[] {
  const dockerfile = DockerfileParser.parse(text);
  const given = new Map(facts.buildArgs.map(splitArgument));
  const predefined = platformArguments(platform, facts.nativePlatform);
  const globals = new Map<string, string | undefined>(predefined);
  const stages: Open[] = [];
  for (const instruction of dockerfile.getInstructions()) {
    const stage = stages.at(-1);
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') {
      stages.push(openStage(instruction as From, stages, globals));
    } else if (keyword === 'ARG') {
      for (const [name, fallback] of argumentsOf(instruction as Arg)) {
        if (stage?.env.has(name)) continue;
        const scope = stage?.variables ?? globals;
        const inherited = stage === undefined ? predefined.get(name) : globals.get(name);
        if (given.has(name)) scope.set(name, given.get(name));
        else if (fallback === undefined) scope.set(name, inherited);
        else setExpanded(scope, name, fallback, scope);
      }
    } else if (keyword === 'ENV' && stage !== undefined) {
      setEnvironment(instruction as Env, stage);
    } else if (stage !== undefined) {
      const flags = flagsOf(instruction);
      for (const name of flags.from) use(stage, stages, name);
      if (keyword === 'RUN' && flags.mounts.length > 0) {
        stage.runs.push({ mounts: flags.mounts, variables: new Map(stage.variables) });
      }
    }
  }
  return reached(stages, facts.target);
}

function openStage(from: From, stages: readonly Open[], globals: Variables): Open {
  const image = expandVariables(from.getImage() ?? '', globals);
  const parent = stages.findLastIndex(({ name }) => name === image.toLowerCase());
  const inherited = stages[parent];
  return {
    name: from.getBuildStage()?.toLowerCase() ?? undefined,
    base: inherited?.base ?? image,
    uses: new Set(parent === -1 ? [] : [parent]),
    runs: [],
    variables: new Map(inherited?.variables),
    env: new Set(inherited?.env),
  };
}

function setEnvironment(instruction: Env, stage: Open): void {
  // All of one ENV see what was before it.
  const before = new Map(stage.variables);
  for (const property of instruction.getProperties()) {
    const name = property.getName();
    setExpanded(stage.variables, name, property.getValue() ?? '', before);
    stage.env.add(name);
  }
}

/** What cannot be told (`PATH=$PATH:/x`) is unknown from here on, and only matters where it is used. */
function setExpanded(
  scope: Map<string, string | undefined>,
  name: string,
  word: string,
  values: Variables,
): void {
  try {
    scope.set(name, expandVariables(word, values));
  } catch (error) {
    if (!(error instanceof Unresolvable)) throw error;
    scope.delete(name);
  }
}

function argumentsOf(instruction: Arg): [name: string, fallback: string | undefined][] {
  return instruction
    .getProperties()
    .map((property) => [property.getName(), property.getValue() ?? undefined]);
}

function flagsOf(instruction: Instruction): { mounts: string[]; from: string[] } {
  const flags = 'getFlags' in instruction ? (instruction as Run).getFlags() : [];
  const valuesOf = (name: string) =>
    flags.filter((flag) => flag.getName() === name).map((flag) => flag.getValue() ?? '');
  const mounts = valuesOf('mount');
  const mounted = mounts.flatMap((mount) => /(?:^|,)from=([^,]+)/.exec(mount)?.[1] ?? []);
  return { mounts, from: [...valuesOf('from'), ...mounted] };
}

function use(stage: Open, stages: readonly Open[], name: string): void {
  const number = /^\d+$/.test(name)
    ? Number(name)
    : stages.findLastIndex((other) => other.name === name.toLowerCase());
  if (number >= 0 && number < stages.length - 1) stage.uses.add(number);
}

/** BuildKit builds only what the target needs. */
function reached(stages: readonly Open[], target: string | undefined): Open[] {
  const last =
    target === undefined
      ? stages.length - 1
      : stages.findLastIndex(
          ({ name }, index) => name === target.toLowerCase() || String(index) === target,
        );
  const wanted = new Set<number>();
  const visit = (index: number) => {
    if (wanted.has(index)) return;
    wanted.add(index);
    for (const other of stages[index]?.uses ?? []) visit(other);
  };
  visit(last);
  return stages.filter((_, index) => wanted.has(index));
}

function splitArgument(argument: string): [string, string] {
  const [name = '', ...value] = argument.split('=');
  return [name, value.join('=')];
}

/** What BuildKit declares by itself, before the first FROM. */
function platformArguments(target: string, build: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [prefix, platform] of [
    ['TARGET', target],
    ['BUILD', build],
  ]) {
    const [os = '', architecture = '', variant = ''] = (platform ?? '').split('/');
    values.set(`${prefix}PLATFORM`, platform ?? '');
    values.set(`${prefix}OS`, os);
    values.set(`${prefix}ARCH`, architecture);
    values.set(`${prefix}VARIANT`, variant);
  }
  return values;
}
