import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { HelmMajor } from '../../../shared/helm/arguments.ts';
import { readHelmVersion } from '../../../shared/helm/readHelmVersion.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { childEnvironment } from '../../../shared/process/childEnvironment.ts';
import { run } from '../../../shared/process/run.ts';
import { which } from '../../../shared/tools/findOnPath.ts';
import { provideTool } from '../../../shared/tools/provideTool.ts';
import type { HelmVersion } from './inputs.ts';

/**
 * Gives the Helm that is wanted: one of the pinned ones, or that of the PATH.
 *
 * @throws {Failure} when it cannot be had, or is neither Helm 3 nor 4
 */
export async function provideHelm(
  wanted: HelmVersion,
  runner: Runner,
): Promise<{ readonly program: string; readonly major: HelmMajor }> {
  if (wanted !== 'path') {
    const { path } = await provideTool(wanted === '3' ? 'helm3' : 'helm', runner);
    return { program: path, major: wanted === '3' ? 3 : 4 };
  }
  const program = await which('helm', runner.env.PATH ?? '');
  if (program === undefined) {
    throw new Failure({
      what: 'Input helm-version: there is no helm on the PATH.',
      remedy: 'Install it in an earlier step, or take the input out.',
    });
  }
  const args = ['version', '--template', '{{.Version}}'];
  const { stdout, stderr } = await run({ program, args, env: childEnvironment(runner.env, {}) });
  const major = readHelmVersion(stdout);
  if (major !== undefined) return { program, major };
  throw new Failure({
    what: 'Input helm-version: the helm on the PATH is neither Helm 3 nor 4.',
    why: `It says: ${oneLine(stdout || stderr)}`,
    remedy: 'Install another one, or take the input out.',
  });
}
