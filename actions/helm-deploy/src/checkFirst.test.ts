import { describe, expect, it } from '@jest/globals';
import type { Obstacle } from '../../../shared/kube/preflight/Obstacle.ts';
import { worstFirst } from '../../../shared/kube/preflight/Obstacle.ts';
import { failureOf, isComing } from './checkFirst.ts';

const obstacle = (number: number, change: Partial<Obstacle> = {}): Obstacle => ({
  ...{ rank: 'policy', certain: true, object: `Deployment/${number}` },
  ...{ what: `No ${number}.`, why: 'because', remedy: `Mend ${number}.` },
  ...change,
});

describe('failureOf', () => {
  it('is none without an obstacle', () => {
    expect(failureOf([])).toBeUndefined();
  });

  it('says all of one', () => {
    expect(failureOf([obstacle(1)])).toMatchObject({
      message: 'No 1. Because. Nothing was changed. Mend 1.',
      details: undefined,
    });
  });

  it('names the others, and has all in its details', () => {
    const failure = failureOf([1, 2, 3, 4, 5, 6, 7, 8].map((number) => obstacle(number)));
    expect(failure?.message).toBe(
      'No 1. Because. Also: No 2; No 3; No 4; No 5; No 6; and 2 more. Nothing was changed. Mend 1.',
    );
    expect(failure?.details?.split('\n')).toHaveLength(8);
  });
});

describe('isComing', () => {
  const login = { registry: 'r.test', by: 'existing' } as const;
  const plan = { pullSecret: { name: 'pull', login, serviceAccounts: [] } };

  it.each([
    ['missing', 'Secret/pull', true],
    ['missing', 'Secret/other', false],
    ['policy', 'Secret/pull', false],
  ] as const)('%s %s: %s', (rank, rule, coming) => {
    expect(isComing({ rank, rule }, plan)).toBe(coming);
    expect(isComing({ rank, rule }, {})).toBe(false);
  });
});

describe('worstFirst', () => {
  it('puts what is certain first, then what others follow from', () => {
    const given = [
      obstacle(1, { certain: false, rank: 'namespace' }),
      obstacle(2, { rank: 'quota' }),
      obstacle(3, { rank: 'api' }),
    ];
    expect(worstFirst(given).map(({ object }) => object.at(-1))).toEqual(['3', '2', '1']);
  });

  it('tells what a policy says of a Deployment and of its pods once, with the field', () => {
    const same = { object: 'Deployment/web', rule: 'constraint a', why: 'no' };
    const given = [obstacle(1, same), obstacle(2, { ...same, field: 'spec.a' })];
    expect(worstFirst(given)).toMatchObject([{ field: 'spec.a' }]);
  });
});
