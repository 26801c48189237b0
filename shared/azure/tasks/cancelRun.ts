import { Failure } from '../../failure/Failure.ts';
import type { Log } from '../../log/Log.ts';
import type { Arm } from './armClient.ts';
import { readArmError } from './explainArmError.ts';

/** The runner itself allows 2.5 s after SIGTERM. */
const deadlineMs = 1800;

/** Asks ACR to stop a run, and says what came of it; never fails, since the job ends anyway. */
export async function cancelRun(runId: string, arm: Arm, log: Log): Promise<void> {
  const by = `\`az acr task cancel-run --registry ${arm.registry.name} --run-id ${runId}\``;
  try {
    const response = await arm.send({
      path: `runs/${runId}/cancel`,
      repeatable: true,
      doing: 'cancel the run',
      deadlineMs,
      // That of the client has aborted.
      signal: undefined,
    });
    if (response.status < 300) {
      log.warning(`The build was cancelled: ACR was asked to stop run ${runId}.`);
      return;
    }
    const { code } = readArmError(response);
    log.warning(
      `ACR did not take the cancellation of run ${runId}: it answered ${response.status} ${code}. It may have ended; if not, ${by} stops it.`,
    );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.warning(
      `Whether run ${runId} was cancelled is not known: ${error.why ?? error.what} ${by} stops it.`,
    );
  }
}
