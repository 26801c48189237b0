import { nearest } from '../text/nearest.ts';
import { InputProblem, type Parse } from './InputReader.ts';

/** Text as it was given, without the blanks around it. */
export const text: Parse<string> = (given) => given.trim();

/** Text to the byte, for what a person would not want trimmed. */
export const verbatim: Parse<string> = (given) => given;

/** A boolean of YAML 1.2's core schema. `yes`, `on` and `1` are errors: their meaning was guessed too often. */
export const boolean: Parse<boolean> = (given) => {
  const word = given.trim();
  if (/^(true|True|TRUE)$/.test(word)) return true;
  if (/^(false|False|FALSE)$/.test(word)) return false;
  throw new InputProblem('is not a boolean', 'Write `true` or `false`.');
};

/** One of a few words; `word` says what they are (`a severity`). */
export function oneOf<W extends string>(words: readonly W[], word: string): Parse<W> {
  return (given) => {
    const wanted = given.trim();
    const found = words.find((candidate) => candidate === wanted);
    if (found !== undefined) return found;
    const near = nearest(wanted, words);
    throw new InputProblem(
      `${JSON.stringify(wanted)} is not ${word}`,
      `${near === undefined ? '' : `Did you mean ${near}? `}Write one of ${words.join(', ')}.`,
    );
  };
}

/** A list, one entry a line; empty lines and lines that begin with `#` are left out. */
export function lines<T>(parse: (line: string) => T): Parse<readonly T[]> {
  return (given) =>
    given
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map(parse);
}

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration as Go writes it (`90s`, `5m`, `1h30m`), or in days (`7d`); gives milliseconds. */
export const duration: Parse<number> = (given) => {
  const word = given.trim();
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(word)) {
    throw new InputProblem(
      'is not a duration',
      'Write a number with its unit, such as 90s, 5m or 1h30m.',
    );
  }
  let total = 0;
  for (const [, amount, unit] of word.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * units[unit as keyof typeof units];
  }
  return total;
};

/** Node's timers end at 24.8 days, and take anything longer for no time at all. */
const longestMs = 24 * 3_600_000;

/** How long something may take: a duration that is neither none nor endless. */
export const timeout: Parse<number> = async (given) => {
  const milliseconds = await duration(given);
  if (milliseconds > 0 && milliseconds <= longestMs) return milliseconds;
  throw new InputProblem('is not between 1ms and 24h', 'Write 10m, for example.');
};
