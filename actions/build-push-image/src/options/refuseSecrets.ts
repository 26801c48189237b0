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
