import { cloudOfRegistry } from '../../azure/clouds.ts';
import type { RegistryLogin } from './RegistryLogin.ts';

/**
 * The login to a registry that is only read from, such as that of a base image: Azure's identity opens
 * all registries of its cloud in which it has a role.
 */
export function loginForReading(
  logins: readonly RegistryLogin[],
  registry: string,
): RegistryLogin | undefined {
  const cloud = cloudOfRegistry(registry);
  const found = logins.find((one) => 'cloud' in one && one.cloud.name === cloud?.name);
  return found && { ...found, registry };
}
