import { Failure } from '../failure/Failure.ts';
import { nearest } from '../text/nearest.ts';

/** What a parser throws: why the text is wrong and, where it helps, what to write instead. */
export class InputProblem extends Error {
  readonly remedy: string | undefined;
  constructor(why: string, remedy?: string) {
    super(why);
    this.remedy = remedy;
  }
}

/** Turns the text of one input into its value, or throws an {@link InputProblem}. */
export type Parse<T> = (text: string) => T | Promise<T>;

/** Longer values are cut where a message quotes them. */
const longestQuote = 80;

/**
 * Reads the inputs of one action from the runner's environment (`INPUT_<NAME>`) and collects
 * everything that is wrong with any of them, so that a person sees it all at once.
 */
export class InputReader {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #mask: (secret: string) => void;
  readonly #problems: Failure[] = [];
  readonly #read = new Set<string>();
  readonly #wrong = new Set<string>();

  constructor(env: Readonly<Record<string, string | undefined>>, mask: (secret: string) => void) {
    this.#env = env;
    this.#mask = mask;
  }

  /** An absent input is `undefined`; so is an empty one, since the runner cannot tell them apart. */
  async optional<T>(name: string, parse: Parse<T>): Promise<T | undefined> {
    const text = this.#text(name);
    return text === undefined ? undefined : this.#parse(name, text, parse, false);
  }

  /** Every action.yml gives these a default, or marks them `required`. */
  async required<T>(name: string, parse: Parse<T>): Promise<T> {
    const text = this.#text(name);
    if (text === undefined) {
      this.#problems.push(
        new Failure({
          what: `Input ${name} is required and was not given.`,
          remedy: `Add \`${name}:\` under \`with:\`.`,
        }),
      );
      return undefined as T;
    }
    return this.#parse(name, text, parse, false) as Promise<T>;
  }

  /** Masked before anything else happens, and never quoted in a message. */
  async secret<T>(name: string, parse: Parse<T>): Promise<T | undefined> {
    const text = this.#text(name);
    if (text === undefined) return undefined;
    this.#mask(text);
    return this.#parse(name, text, parse, true);
  }

  /** Holds secrets among other things: never quoted, and its parser masks what has to be masked. */
  async confidential<T>(name: string, parse: Parse<T>): Promise<T | undefined> {
    const text = this.#text(name);
    return text === undefined ? undefined : this.#parse(name, text, parse, true);
  }

  /** Whether an input was given at all, right or wrong. */
  has(name: string): boolean {
    return this.#text(name) !== undefined;
  }

  /** Whether an input was given as this text, blanks around it aside. */
  is(name: string, text: string): boolean {
    return this.#text(name)?.trim() === text;
  }

  /** Whether an input has blanks or empty lines and nothing else; the runner gives `''` for none at all. */
  isBlank(name: string): boolean {
    const text = this.#env[variable(name)];
    return text !== undefined && text !== '' && text.trim() === '';
  }

  /** Whether an input that has a default in action.yml was given as nothing: its expression gave nothing. */
  isEmpty(name: string): boolean {
    return this.#env[variable(name)]?.trim() === '';
  }

  /** Whether an input was given and could not be read; that is told by {@link finish}. */
  isWrong(name: string): boolean {
    return this.#wrong.has(name);
  }

  /** Says that inputs that are each right do not go together. */
  conflict(what: string, remedy: string): void {
    this.#problems.push(new Failure({ what, remedy }));
  }

  /** The names that were asked for, to be compared with action.yml. */
  get names(): ReadonlySet<string> {
    return this.#read;
  }

  /** Keys under `with:` that no input has; the runner only warns of them in a place few see. */
  unknown(): { readonly name: string; readonly meant: string | undefined }[] {
    const known = new Set([...this.#read].map(variable));
    return Object.keys(this.#env)
      .filter((key) => key.startsWith('INPUT_') && !known.has(key))
      .map((key) => key.slice('INPUT_'.length).toLowerCase())
      .map((name) => ({ name, meant: nearest(name, this.#read) }));
  }

  /** @throws {AggregateError} of one {@link Failure} an input, when any of them was wrong. */
  finish(): void {
    if (this.#problems.length > 0)
      throw new AggregateError(this.#problems, 'The inputs are wrong.');
  }

  #text(name: string): string | undefined {
    this.#read.add(name);
    const text = this.#env[variable(name)];
    return text === undefined || text.trim() === '' ? undefined : text;
  }

  async #parse<T>(
    name: string,
    text: string,
    parse: Parse<T>,
    secret: boolean,
  ): Promise<T | undefined> {
    try {
      return await parse(text);
    } catch (error) {
      this.#wrong.add(name);
      if (isFailures(error)) {
        this.#problems.push(...(error instanceof Failure ? [error] : error.errors));
        return undefined;
      }
      if (!(error instanceof InputProblem)) throw error;
      const given = secret ? '' : ` (given: ${quote(text)})`;
      this.#problems.push(
        new Failure({ what: `Input ${name}: ${error.message}${given}.`, remedy: error.remedy }),
      );
      return undefined;
    }
  }
}

/** What a parser says of a file that an input names: each with the place in that file. */
function isFailures(error: unknown): error is Failure | (AggregateError & { errors: Failure[] }) {
  if (error instanceof Failure) return true;
  return error instanceof AggregateError && error.errors.every((each) => each instanceof Failure);
}

/** How the runner names an input's variable: upper case, blanks as underscores, hyphens kept. */
function variable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

function quote(text: string): string {
  const line = text.trim();
  return JSON.stringify(line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line);
}
