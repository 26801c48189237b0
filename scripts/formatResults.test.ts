import { expect, it } from '@jest/globals';
import { formatResults } from './formatResults.ts';

it('tells what a whole run gave, room by room, and what needed a second try', () => {
  const text = formatResults({
    root: '/repository',
    date: '2026-11-25',
    commit: 'abc',
    minutes: 21.4,
    failed: 1,
    figures: ['sweep: all 78 shots'],
    report: {
      numPassedTests: 2,
      numFailedTests: 1,
      numPendingTests: 0,
      numRuntimeErrorTestSuites: 0,
      testResults: [
        {
          name: '/repository/shared/oci/a.lab.test.ts',
          startTime: 0,
          endTime: 2000,
          assertionResults: [
            { fullName: 'a works', status: 'passed', invocations: 2 },
            { fullName: 'a breaks', status: 'failed', invocations: 2 },
          ],
        },
        {
          name: '/repository/shared/oci/b.test.ts',
          startTime: 0,
          endTime: 1000,
          assertionResults: [{ fullName: 'b works', status: 'passed', invocations: 1 }],
        },
      ],
    },
  });
  expect(text).toContain('| 2026-11-25 | abc | 2 | 1 | 0 | 1 | 21 |');
  expect(text).toContain('- sweep: all 78 shots\n');
  expect(text).toContain('## At the second try\n\n- a works\n');
  expect(text).toContain('| shared/oci | 2 | 1 | 3 |');
});
