import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputProblem, type InputReader } from '../../../../shared/action/InputReader.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { parseList } from './parseList.ts';

/** A secret of a build, by the id that `RUN --mount=type=secret` names. */
export type Secret =
  | { readonly id: string; readonly value: string }
  | { readonly id: string; readonly file: string };

/**
 * Reads `secrets` (`id=value`), `secret-envs` (`id=VARIABLE`) and `secret-files` (`id=path`). Values are
 * masked as soon as they are read.
 */
export async function readSecrets(reader: InputReader, runner: Runner): Promise<readonly Secret[]> {
  const { env, mask } = runner;
  const values = await reader.confidential('secrets', async (text) =>
    (await parseList(text, false)).map((entry) => {
      const { id, rest: value } = splitEntry(entry, false);
      for (const line of value.split('\n')) mask(line.trim());
      mask(value);
      return { id, value };
    }),
  );
  const variables = await reader.optional('secret-envs', async (text) =>
    (await parseList(text, true)).map((entry) => {
      const { id, rest: name } = splitEntry(entry, true);
      const value = env[name];
      if (value === undefined || value === '') {
        throw new InputProblem(`there is no variable ${name}`, 'Set it under `env:` of the step.');
      }
      mask(value);
      return { id, value };
    }),
  );
  const files = await reader.optional('secret-files', async (text) =>
    Promise.all(
      (await parseList(text, false)).map(async (entry) => {
        const { id, rest } = splitEntry(entry, true);
        const file = resolve(env.GITHUB_WORKSPACE ?? '.', rest);
        const found = await stat(file).catch(() => undefined);
        if (found?.isFile()) {
          if (found.size <= longestFile) await maskFile(file, mask);
          return { id, file };
        }
        throw new InputProblem(
          `${rest} is not a file`,
          'Write `id=path`, relative to the workspace.',
        );
      }),
    ),
  );
  return [...(values ?? []), ...(variables ?? []), ...(files ?? [])];
}

/** Larger files are keystores and bundles, of which no line is a secret by itself. */
const longestFile = 16 * 1024;

/** Shorter lines are common, such as the brackets of JSON: a log without them could not be read. */
const shortestLine = 8;

/** A RUN step may print the file; what is no text does not get into a log as it is. */
async function maskFile(file: string, mask: (secret: string) => void): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.includes('\0')) return;
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line.length >= shortestLine) mask(line);
  }
}

/** @param shown whether the entry may be quoted: the value of a secret may not */
function splitEntry(entry: string, shown: boolean): { id: string; rest: string } {
  const equals = entry.indexOf('=');
  const [id, rest] = [entry.slice(0, equals).trim(), entry.slice(equals + 1)];
  if (equals > 0 && rest !== '') return { id, rest };
  throw new InputProblem(
    `${shown ? JSON.stringify(entry) : 'an entry'} is not \`id=value\``,
    'Write one `id=value` an entry; put a value of several lines in double quotes.',
  );
}

/**
 * How buildx gets the secrets: the value by a variable of its own process, never by its command line
 * or by a file.
 *
 * @returns the flags, and the variables that they name
 */
export function secretArguments(secrets: readonly Secret[]): {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  const env: Record<string, string> = {};
  const args = secrets.flatMap((secret, index) => {
    if ('file' in secret) return ['--secret', `id=${secret.id},src=${secret.file}`];
    const variable = `BUILD_SECRET_${index}`;
    env[variable] = secret.value;
    return ['--secret', `id=${secret.id},env=${variable}`];
  });
  return { args, env };
}
