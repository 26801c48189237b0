import { canonicalDigest } from '../../../../shared/evidence/canonicalJson.ts';
import { digestSet } from '../../../../shared/evidence/digestSet.ts';
import type { PolicyInputs } from '../options/readPolicyInputs.ts';

/** The name of our field in a verification summary: by whose word findings did not count. */
export const excusesField = 'https://github.com/data-platform/platform-actions/excuses/v1';

/**
 * What is no part of the policy, and still lets findings pass: who verifies can ask for none of it, or for
 * what he knows. All of it that was given, whether a finding met it or not.
 *
 * @param waived how many findings would have counted without it
 */
export function excusesOf(
  { waivers, vex }: Pick<PolicyInputs, 'waivers' | 'vex'>,
  waived: number,
): Record<string, unknown> | undefined {
  if (waivers.length + vex.length === 0) return undefined;
  return {
    waived,
    ...(waivers.length > 0 && { waivers: digestSet(canonicalDigest(waivers)) }),
    ...(vex.length > 0 && { vex: digestSet(canonicalDigest(vex)) }),
  };
}
