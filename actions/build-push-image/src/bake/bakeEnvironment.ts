/** What the runner gives an action for itself. */
const ofRunner = /^(?:INPUT_|STATE_|ACTIONS_ID_TOKEN_|NODE_OPTIONS$)/;

/**
 * What a bake file may see: its variables, and the secrets that it takes from variables, are those of
 * the step.
 */
export function bakeEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || ofRunner.test(name) ? [] : [[name, value] as const],
    ),
  );
}
