import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { ManifestFile } from '../../../../shared/helm/manifests/readManifests.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { childEnvironment } from '../../../../shared/process/childEnvironment.ts';
import { run } from '../../../../shared/process/run.ts';
import { provideTool } from '../../../../shared/tools/provideTool.ts';

/**
 * Renders a kustomization, with neither its plug-ins nor files from outside its root, as kustomize does
 * by default.
 *
 * @throws {Failure} with what kustomize says
 */
export async function runKustomize(
  path: string,
  workspace: string,
  runner: Runner,
): Promise<ManifestFile> {
  const kustomize = await provideTool('kustomize', runner);
  const file = relative(workspace, path) || '.';
  const rendered = join(runner.tempDir, 'rendered.yaml');
  const outcome = await run({
    program: kustomize.path,
    args: ['build', path, '--output', rendered],
    env: childEnvironment(runner.env, {}),
    secrets: runner.secrets,
    signal: runner.signal,
  });
  runner.signal.throwIfAborted();
  if (outcome.exitCode !== 0) {
    const said = outcome.startError ?? outcome.stderr.trim().replace(/^Error: /, '');
    throw new Failure({
      what: `Input chart: the kustomization ${oneLine(file)} cannot be rendered.`,
      why: oneLine(said.replaceAll(`${workspace}/`, ''), 500),
      remedy: `Correct it; \`kustomize build ${oneLine(file)}\` says the same.`,
      details: outcome.stderr,
    });
  }
  return { file: `${file} (rendered)`, text: await readFile(rendered, 'utf8') };
}
