import { expect, it } from '@jest/globals';
import type { Waiver } from '../../../../shared/verdict/Waiver.ts';
import { excusesOf } from './excusesOf.ts';

const waiver = { id: 'CVE-1', owner: 'a', reason: 'b', expires: new Date(0) } as Waiver;
const sum = expect.objectContaining({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });

it('says nothing where there is nothing that excuses', () => {
  expect(excusesOf({ waivers: [], vex: [] }, 0)).toBeUndefined();
});

it('names waivers by their content, and how many findings there are for them', () => {
  const told = excusesOf({ waivers: [waiver], vex: [] }, 2);
  expect(told).toEqual({ waived: 2, waivers: sum });
  expect(excusesOf({ waivers: [{ ...waiver, reason: 'c' }], vex: [] }, 2)).not.toEqual(told);
});
