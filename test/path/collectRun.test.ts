import { expect, it } from '@jest/globals';
import { type ActLine, collectRun } from './collectRun.ts';
import { plannedSteps } from './plannedSteps.ts';

const planned = plannedSteps(`
jobs:
  image:
    steps:
      - uses: actions/checkout@v6
      - if: vars.LOGIN != ''
        uses: azure/login@v2
      - id: build
        uses: acme/platform-actions/actions/build-push-image@v1
      - run: |
          echo said
  deploy:
    steps:
      - name: Deploy
        uses: acme/platform-actions/actions/helm-deploy@v1
`);
const ended = (stepID: string, step: string, stepResult: string): ActLine => ({
  level: 'info',
  msg: '',
  job: 'web/image',
  jobID: 'image',
  stage: 'Main',
  stepID: [stepID],
  step,
  stepResult,
  executionTime: 2e9,
});

it('shows what did not run as skipped, in the order of the workflow', () => {
  const { steps } = collectRun(
    [
      ended('0', 'actions/checkout@v6', 'success'),
      { ...ended('1', 'azure/login@v2', 'success'), stage: 'Pre' },
      ended('build', 'acme/platform-actions/actions/build-push-image@v1', 'failure'),
    ],
    1,
    '',
    planned,
  );
  expect(steps).toEqual([
    { job: 'image', step: 'checkout', result: 'success', seconds: 2 },
    { job: 'image', step: 'login', result: 'skipped', seconds: 0 },
    { job: 'image', step: 'build-push-image', result: 'failure', seconds: 2 },
    { job: 'image', step: 'echo said', result: 'skipped', seconds: 0 },
    { job: 'deploy', step: 'Deploy', result: 'skipped', seconds: 0 },
  ]);
});
