/**
 * The command line of `buildx create`, without the program. buildx reads each `--driver-opt` as a
 * line of CSV, so a value with a comma has to be quoted.
 */
export function createArguments(
  driver: 'kubernetes' | 'docker-container',
  name: string,
  { config, ...options }: Readonly<Record<string, string | undefined>>,
): string[] {
  return [
    ...['create', '--bootstrap', '--name', name, '--driver', driver],
    ...(config === undefined ? [] : ['--buildkitd-config', config]),
    ...Object.entries(options).flatMap(([key, value]) => ['--driver-opt', csv(`${key}=${value}`)]),
  ];
}

function csv(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
