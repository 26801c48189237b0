import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import type { Http } from '../../../../shared/http/request.ts';
import type { Caller } from '../arm.ts';
import { ArmError } from './ArmError.ts';

const audiences = ['https://management.azure.com', 'https://management.core.windows.net/'];

/** Takes the tokens that Entra gives for ARM, and no others. */
export function verifyArmToken(
  entra: string,
  tenant: string,
  http: Http,
): (token: string) => Promise<Caller> {
  return async (token) => {
    // Asked each time: the lab's Entra has other keys each time it begins anew.
    const { body } = await http({ url: `${entra}/${tenant}/discovery/v2.0/keys` });
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(JSON.parse(body.toString())), {
        issuer: `${entra}/${tenant}/`,
        audience: audiences,
        algorithms: ['RS256'],
        requiredClaims: ['exp', 'oid', 'appid'],
      });
      return { client: String(payload.appid), object: String(payload.oid) };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw ArmError.expiredToken();
      if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
        throw ArmError.wrongAudience();
      }
      if (error instanceof errors.JOSEError) throw ArmError.badToken();
      throw error;
    }
  };
}
