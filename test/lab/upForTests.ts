import { Failure } from '../../shared/failure/Failure.ts';
import { down, labContext, up } from './lab.ts';
import { terminal } from './terminal.ts';

/** What tests run themselves: of the actions, of their builders, and of signatures. */
const testedPrograms = [
  ...['buildx', 'trivy', 'helm', 'helm3', 'kustomize', 'act'],
  ...['buildctl', 'rootlesskit', 'fulcio', 'timestamp-server', 'cosign'],
];

/**
 * Brings the whole lab up for the tests, with its progress on standard error, so that standard
 * output ends in the count of tests. Programs that tests run are built here, not inside a test.
 */
export async function upForTests(): Promise<void> {
  const { log, progress } = terminal(process.stderr);
  const lab = labContext(log, progress);
  try {
    await up(lab, [], {
      onReady: (part, seconds) =>
        log.info(`${part.name.padEnd(24)} answers  (${seconds.toFixed(1)} s)`),
    });
    for (const program of testedPrograms) await lab.program(program);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.error(error.message);
    if (error.details !== undefined) log.untrusted(error.details);
    process.exit(1);
  }
}

/** Takes the lab down after the tests, so that nothing of it stays. */
export async function downAfterTests(): Promise<void> {
  const { log } = terminal(process.stderr);
  await down(labContext(log));
}
