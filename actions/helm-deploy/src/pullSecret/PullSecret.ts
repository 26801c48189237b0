import type { RegistryLogin } from '../../../../shared/action/login/RegistryLogin.ts';

/** A secret by which the cluster pulls, and who has it. */
export interface PullSecret {
  readonly name: string;
  /** Whose login it holds. */
  readonly login: RegistryLogin;
  readonly serviceAccounts: readonly string[];
}
