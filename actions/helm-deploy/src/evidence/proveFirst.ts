import type { Runner } from '../../../../shared/action/Runner.ts';
import type { JudgedImage } from '../../../../shared/evidence/judgeImages.ts';
import type { UsedImage } from '../../../../shared/evidence/UsedImage.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import type { DeployPlan } from '../DeployPlan.ts';
import type { SourceInputs } from '../inputs.ts';
import type { Cluster } from '../openCluster.ts';
import { renderRelease } from '../renderRelease.ts';
import { evidenceReport } from './evidenceReport.ts';
import { imagesOfRelease } from './imagesOfRelease.ts';
import type { Registries } from './openRegistries.ts';

/** What is known of a release's images before it is written. */
export interface Known extends AsyncDisposable {
  /** As the release names them; none where nobody asked. */
  readonly images: readonly string[];
  readonly judged: readonly JudgedImage[];
  /** Why nothing may be written. */
  readonly refused: Failure | undefined;
  /** For the plan: `undefined` where no evidence is required. */
  readonly proven: ReadonlySet<string> | undefined;
  /** Opened at the first call. */
  readonly registries: () => Promise<Registries>;
}

/**
 * Renders the whole release, objects that follow later too, and looks for the evidence of its images where
 * that is required.
 *
 * @throws {Failure} when evidence is required and the release cannot be rendered
 */
export async function proveFirst(
  inputs: SourceInputs,
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Known> {
  const { evidence, environment, registryLogin, pullSecret } = inputs;
  const given = plan.images.map(formatReference);
  let opened: Promise<Registries> | undefined;
  const rendering = evidence ?? environment;
  const used = rendering === undefined ? [] : await render(evidence !== undefined);
  const images = used.map(({ image }) => image);
  const registries = () => {
    opened ??= import('./openRegistries.ts').then(({ openRegistries }) =>
      openRegistries(registryLogin, [...given, ...images], runner, pullSecret?.login.registry),
    );
    return opened;
  };
  const known = {
    ...{ images, registries, judged: [], refused: undefined, proven: undefined },
    [Symbol.asyncDispose]: async () => (await opened)?.[Symbol.asyncDispose](),
  };
  if (evidence === undefined) return known;
  const { proveImages } = await import('./proveImages.ts');
  const { judged, refused } = await proveImages(used, evidence, await registries(), runner);
  await runner.summary(evidenceReport(judged, evidence.policy).text);
  return { ...known, judged, refused, proven: new Set(images) };

  async function render(required: boolean): Promise<readonly UsedImage[]> {
    try {
      return readImages(await renderRelease(plan, cluster, runner, true));
    } catch (error) {
      if (required || !(error instanceof Failure)) throw error;
      // The deploy itself says what is wrong with it.
      return [];
    }
  }
}

function readImages(rendered: Parameters<typeof imagesOfRelease>[0]): readonly UsedImage[] {
  try {
    return imagesOfRelease(rendered);
  } catch (error) {
    throw new Failure({
      what: 'What the chart renders cannot be read, so that its images are not known.',
      why: oneLine(error instanceof Error ? error.message : '', 300),
      remedy: 'Look at it with `helm template`.',
      cause: error,
    });
  }
}
