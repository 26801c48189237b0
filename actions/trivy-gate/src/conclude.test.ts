import { describe, expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { exampleInspection, examplePolicy } from '../../../shared/verdict/fixtures.ts';
import { judge } from '../../../shared/verdict/judge.ts';
import type { Outcome } from '../../../shared/verdict/Verdict.ts';
import { conclude } from './conclude.ts';
import type { Consequence, Inputs } from './inputs.ts';

describe('how the step ends', () => {
  it.each<[Outcome, Consequence, Consequence, 'error' | 'warning' | 'info']>([
    ['pass', 'fail', 'fail', 'info'],
    ['pass', 'warn', 'warn', 'info'],
    ['violation', 'fail', 'warn', 'error'],
    ['violation', 'warn', 'fail', 'warning'],
    ['incomplete', 'warn', 'fail', 'error'],
    ['incomplete', 'fail', 'warn', 'warning'],
  ])('%s, on-violation: %s, on-incomplete: %s', (outcome, onViolation, onIncomplete, level) => {
    const told: string[][] = [];
    const log = {
      ...silent,
      info: (text: string) => told.push(['info', text]),
      warning: (text: string) => told.push(['warning', text]),
    };
    const verdict = { outcome, reason: 'Why.', remedy: 'Do this.', details: 'all of it' };
    try {
      const inspection = exampleInspection({ subject: 'web@sha256:00' });
      const judgement = { ...judge(inspection, examplePolicy(), { now: new Date() }), verdict };
      const inputs = { onViolation, onIncomplete, reports: {}, target: {} } as Inputs;
      conclude({ inspection, judgement }, [], inputs, log);
    } catch (error) {
      told.push(['error', (error as Error).message]);
      expect(error).toMatchObject({ details: 'all of it' });
    }
    expect(told).toHaveLength(1);
    expect(told[0]?.[0]).toBe(level);
    expect(told[0]?.[1]).toContain('Why.');
    expect(told[0]?.[1]?.includes('No verdict on web@sha256:00 (incomplete)')).toBe(
      outcome === 'incomplete',
    );
    expect(told[0]?.[1]?.includes(`(on-${outcome}: warn)`)).toBe(level === 'warning');
  });
});
