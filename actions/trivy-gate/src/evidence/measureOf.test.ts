import { expect, it } from '@jest/globals';
import { canonicalDigest } from '../../../../shared/evidence/canonicalJson.ts';
import { parseDigest, pin } from '../../../../shared/oci/Reference.ts';
import { examplePolicy } from '../../../../shared/verdict/fixtures.ts';
import type { Inputs } from '../inputs.ts';
import { measureOf } from './measureOf.ts';

const policy = examplePolicy({});
const image = pin({ registry: 'a', repository: 'b' }, parseDigest(`sha256:${'0'.repeat(64)}`));
const options: Inputs['scan']['options'] = { skipDirs: [], skipFiles: [] };

function measure(
  scan: object = {},
  more: { platform?: string; baseline?: Inputs['baseline'] } = {},
) {
  return measureOf({
    decide: { policy, policyName: 'x', waivers: [], vex: [] },
    scan: { scanners: undefined, options, databases: [], database: undefined, ...scan },
    target: { kind: 'image', image, platform: more.platform, cluster: undefined },
    baseline: more.baseline,
  });
}

it('is the digest of the policy where all was looked at, and another one for each way to see less', () => {
  const whole = canonicalDigest(policy);
  expect(measure()).toBe(whole);
  expect(measure({ scanners: ['secret', 'vuln'] })).toBe(whole);
  expect(measure({ options: { ...options, packageTypes: ['os', 'library'] } })).toBe(whole);
  const less = [
    measure({ scanners: ['secret'] }),
    measure({ options: { ...options, skipDirs: ['app'] } }),
    measure({ options: { ...options, skipFiles: ['app'] } }),
    measure({ options: { ...options, packageTypes: ['os'] } }),
    measure({}, { platform: 'linux/amd64' }),
    measure({}, { baseline: { kind: 'branch', name: 'main' } }),
  ];
  expect(new Set([whole, ...less]).size).toBe(less.length + 1);
});
