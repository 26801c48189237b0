import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { readPolicy } from '../../../shared/verdict/policy/readPolicy.ts';
import { readWaivers } from '../../../shared/verdict/waivers/readWaivers.ts';

const text = readFileSync(new URL('../POLICY.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, example = '']) => example);

it('the examples of POLICY.md are read', () => {
  const [policy = '', waivers = ''] = examples;
  expect(examples).toHaveLength(2);
  // Each key is shown.
  expect(Object.keys(readPolicy(policy, 'policy.yaml'))).toHaveLength(11);
  expect(readWaivers(waivers, 'waivers.yaml')).toHaveLength(1);
});
