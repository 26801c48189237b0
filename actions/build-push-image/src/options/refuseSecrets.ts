import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { oneOf } from '../../../../shared/action/parsers.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';

/** Names by which people call what should be secret. */
const secretName = /(^|_)(KEY|TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIALS?|PAT)($|_)/i;

/** Names that look so and are none. */
const harmless = /(^|_)(PUBLIC_KEY|KEY_ID|KEY_NAME|KEYRING|TOKEN_URL|TOKEN_ENDPOINT)($|_)/i;

/** Shorter values hide in any text. */
const shortestSecret = 4;

/**
 * Finds what should not be a build argument: its value stays readable in the image's history and
 * provenance.
 *
 * @param buildArgs `NAME=value` each
 * @param secrets what the runner masks
 * @returns the names, and why
 */
export function secretsAmong(
  buildArgs: readonly string[],
  secrets: Iterable<string>,
): { readonly name: string; readonly why: string }[] {
  const masked = [...secrets].filter((secret) => secret.length >= shortestSecret);
  return buildArgs.flatMap((argument) => {
    const equals = argument.indexOf('=');
    const [name, value] = [argument.slice(0, equals), argument.slice(equals + 1)];
    if (masked.some((secret) => value.includes(secret))) {
      return [{ name, why: 'its value holds a secret' }];
    }
    const named = value !== '' && secretName.test(name) && !harmless.test(name);
    return named ? [{ name, why: 'it is called like a secret' }] : [];
  });
}

/** What the runner masks in each job, and gives to each step. */
const tokensOfJob = ['ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'ACTIONS_RUNTIME_TOKEN'];

const rules = ['refuse', 'warn', 'allow'] as const;
export type SecretRule = (typeof rules)[number];

/** What happens to a build argument that looks like a secret. */
export async function readSecretRule(reader: InputReader): Promise<SecretRule> {
  return (await reader.optional('secret-build-args', oneOf(rules, 'a rule'))) ?? 'refuse';
}

/**
 * Refuses secrets among build arguments, or warns of them.
 *
 * @param input that holds them
 */
export function tellOfSecrets(
  input: string,
  buildArgs: readonly string[],
  rule: SecretRule,
  reader: InputReader,
  { env, secrets, log }: Pick<Runner, 'env' | 'secrets' | 'log'>,
): void {
  if (rule === 'allow') return;
  const known = [...secrets, ...tokensOfJob.flatMap((name) => env[name] ?? [])];
  for (const { name, why } of secretsAmong(buildArgs, known)) {
    const what = `Input ${input}: ${name} should be a secret: ${why}, and everybody who has the image can read it.`;
    const remedy = `Give it as \`secrets: ${name}=…\`, and read it by \`RUN --mount=type=secret,id=${name}\`. What is no secret passes with \`secret-build-args: allow\`.`;
    if (rule === 'refuse') reader.conflict(what, remedy);
    else log.warning(`${what} ${remedy}`);
  }
}
