/** The clouds' own programs, kubelogin (AAD, ARM as Terraform has it) among them, read these. */
const read = /^(AZURE|AAD|ARM|AWS|GOOGLE|CLOUDSDK)_/;

/**
 * What the program that a kubeconfig names for its login (`exec`) reads of a step's environment. The
 * variables that stand in the kubeconfig itself are set by whoever reads it.
 */
export function clusterLogin(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => read.test(name)));
}
