import { addresses } from '../../addresses.ts';
import type { LabContext } from '../../Part.ts';
import { type ArmOptions, type ArmServer, startArm } from '../arm.ts';
import { labIdentity, labOptions } from '../labDoubles.ts';
import { ArmError } from './ArmError.ts';
import { buildWithLab } from './buildWithLab.ts';
import { copyWithLab } from './copyWithLab.ts';

/** What a test's own ARM takes as a token. */
export const testToken = 'arm-token-of-the-test';

/** The registry in it whose images the lab's open registry gets. */
export const testRegistry = {
  subscription: labIdentity.subscription,
  resourceGroup: labIdentity.resourceGroup,
  name: 'open',
  loginServer: addresses.registry,
} as const;

/** An ARM of a test's own that builds with the lab's BuildKit, so that the test can choose rights and times. */
export function startTestArm(
  lab: LabContext,
  options: Partial<ArmOptions> = {},
): Promise<ArmServer> {
  return startArm({
    registries: labOptions.arm.registries,
    build: buildWithLab(lab),
    copy: copyWithLab(lab),
    async verify(token) {
      if (token !== testToken) throw ArmError.badToken();
      return { client: labIdentity.client, object: 'object-of-the-test' };
    },
    ...options,
  });
}
