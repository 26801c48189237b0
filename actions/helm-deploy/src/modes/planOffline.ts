import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../../shared/helm/arguments.ts';
import { Helm } from '../../../../shared/helm/Helm.ts';
import { placeImages } from '../../../../shared/helm/manifests/placeImages.ts';
import { nameOf } from '../../../../shared/kube/preflight/KubeObject.ts';
import { parseManifest } from '../../../../shared/kube/preflight/parseManifest.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { childEnvironment } from '../../../../shared/process/childEnvironment.ts';
import { run } from '../../../../shared/process/run.ts';
import { blocks, code, md } from '../../../../shared/report/Markdown.ts';
import { tableWithin } from '../../../../shared/report/table.ts';
import { checkPlaced } from '../checkPlaced.ts';
import type { SourceInputs } from '../inputs.ts';
import { helmVariables } from '../openCluster.ts';
import { planChart } from '../planChart.ts';
import { provideHelm } from '../provideHelm.ts';
import { resolveImages } from '../resolveImages.ts';
import { prepareChart } from '../source/prepareChart.ts';

const largestTable = 500_000;

/**
 * Renders what would be deployed, where there is no cluster to compare it with. No plan is saved: nobody
 * could hold a deploy to it.
 *
 * @param who has no cluster
 * @throws {Failure} when it cannot be rendered
 */
export async function planOffline(
  inputs: SourceInputs,
  who: string,
  runner: Runner,
): Promise<void> {
  const manifest = await render(inputs, runner);
  const objects = parseManifest(manifest).map(nameOf);
  const why = `Without a cluster, since ${who} have no kubeconfig: what changes there is not known.`;
  runner.log.notice(why);
  for (const name of objects) runner.log.untrusted(name);
  const { markdown, shown } = tableWithin(
    [md`Object`],
    objects.map((name) => [code(oneLine(name))]),
    largestTable,
  );
  const report = blocks(
    md`### Plan of release ${code(inputs.release)} in ${code(inputs.namespace)}`,
    md`**${objects.length} objects were rendered.** ${why}`,
    markdown,
    shown < objects.length ? md`…and ${objects.length - shown} more.` : undefined,
  );
  await runner.summary(report.text);
}

async function render(inputs: SourceInputs, runner: Runner): Promise<string> {
  const { env, log, secrets, signal } = runner;
  const helm = new Helm({
    ...(await provideHelm(inputs.helmVersion, runner)),
    ...{ run, secrets, offline: true, onLine: (line) => log.untrusted(line) },
    env: childEnvironment(env, Object.fromEntries(helmVariables.map((name) => [name, env[name]]))),
  });
  const [prepared, images] = await Promise.all([
    prepareChart(inputs, { helm }, runner),
    resolveImages(inputs, runner),
  ]);
  if (prepared.kind === 'objects') {
    const named = images.map(({ path, image }) => ({ name: path, image }));
    const { objects, found } = placeImages(prepared.objects, named);
    const text = objects.map((object) => object.text).join('---\n');
    checkPlaced(found, text);
    return text;
  }
  const base: Omit<UpgradePlan, 'chart' | 'valueFiles'> = {
    ...{ release: inputs.release, namespace: inputs.namespace, createNamespace: false },
    timeoutMs: inputs.timeoutMs,
  };
  const plan = { ...base, ...(await planChart(prepared, inputs, images, base, { helm }, runner)) };
  const text = await helm.template(plan, { apiVersions: [], verb: 'upgrade' }, signal);
  signal.throwIfAborted();
  if (text !== undefined) return text;
  throw new Failure({
    what: 'The chart cannot be rendered without a cluster.',
    why: 'It may ask for kinds or objects of one',
    remedy: 'Look at it with `helm template`.',
  });
}
