import { Failure } from '../../../../shared/failure/Failure.ts';
import type { FoundDeployed } from '../../../../shared/github/findDeployed.ts';
import type { RunningImage } from '../../../../shared/kube/reports/RunningImage.ts';
import { asTag } from '../../../../shared/oci/asTag.ts';
import {
  type Digest,
  formatReference,
  type PinnedReference,
  parseReference,
  pin,
  type Reference,
} from '../../../../shared/oci/Reference.ts';
import type { WantedBaseline } from './parseBaseline.ts';

/** What has to be inspected to know the baseline: by `shared/trivy`. */
export type BaselineTarget =
  | { readonly kind: 'image'; readonly image: PinnedReference }
  | { readonly kind: 'report'; readonly path: string };

export type FoundBaseline =
  | { readonly name: string; readonly targets: readonly [BaselineTarget, ...BaselineTarget[]] }
  /** There is none yet, so all is new. */
  | { readonly name: string; readonly none: string };

export interface FindEffects {
  /** The branch that this run builds, whose tag it may have moved already. */
  readonly currentBranch?: string | undefined;
  /** What a tag names now; `undefined` when the registry has nothing of that name. */
  readonly findDigest: (reference: Reference) => Promise<Digest | undefined>;
  /** What GitHub's deployments say of an environment. */
  readonly findDeployed: (environment: string) => Promise<FoundDeployed>;
  /** What the environment's cluster runs, where it can be asked: it knows better than any record. */
  readonly runningImages?: (() => Promise<readonly RunningImage[]>) | undefined;
}

/**
 * Finds what the change is compared with, without looking into it: the key of a verdict that is used
 * again needs no more.
 *
 * @param subject the image that is judged; `undefined` for what is no image
 * @throws {Failure} when the baseline is not there though it should be, or nobody answers
 */
export async function findBaseline(
  wanted: WantedBaseline,
  subject: Reference | undefined,
  effects: FindEffects,
): Promise<FoundBaseline> {
  if (wanted.kind === 'report') {
    return { name: `the report ${wanted.path}`, targets: [{ kind: 'report', path: wanted.path }] };
  }
  if (wanted.kind === 'image') return ofImage(wanted.reference, effects);
  if (wanted.kind === 'branch' && wanted.repository !== undefined) {
    const { registry, repository } = wanted.repository;
    return ofBranch(wanted.name, { ...subject, registry, repository }, effects);
  }
  if (subject === undefined) {
    throw new Failure({
      what: `Input baseline: a ${wanted.kind} is known by the images that it has, and what is judged is no image.`,
      remedy:
        wanted.kind === 'branch'
          ? `Name its repository: \`branch:registry/name:${wanted.name}\`.`
          : 'Give a report of the base as baseline: `report:<path>`.',
    });
  }
  return wanted.kind === 'branch'
    ? ofBranch(wanted.name, subject, effects)
    : ofEnvironment(wanted.name, subject, effects);
}

async function ofImage(
  reference: Reference,
  { findDigest }: Pick<FindEffects, 'findDigest'>,
): Promise<FoundBaseline> {
  const digest = await findDigest(reference);
  if (digest === undefined) {
    throw new Failure({
      what: `The baseline ${formatReference(reference)} is not in the registry.`,
      remedy:
        'Correct `baseline`, or push that image first; `branch:<name>`, or `branch:registry/name:<name>` for what is in no registry, is for one that may not be there yet.',
    });
  }
  return { name: formatReference(reference), targets: [ofDigest(pin(reference, digest))] };
}

async function ofBranch(
  branch: string,
  { registry, repository, digest: judged }: Reference,
  { findDigest, currentBranch }: Pick<FindEffects, 'findDigest' | 'currentBranch'>,
): Promise<FoundBaseline> {
  const name = `the branch ${branch}`;
  const tag = asTag(branch);
  if (tag === '') {
    throw new Failure({
      what: `Input baseline: no tag can stand for the branch ${branch}.`,
      remedy: 'Give the reference of its image.',
    });
  }
  const reference = { registry, repository, tag };
  const digest = await findDigest(reference);
  if (branch === currentBranch && digest !== undefined && digest === judged) {
    throw new Failure({
      what: `The tag ${tag} names the very image that is judged, for this run builds ${branch} itself.`,
      why: 'Compared with itself nothing is ever new, and the gate would let all pass.',
      remedy: 'Compare with `environment:<name>`, or judge the image before it gets its tag.',
    });
  }
  return digest === undefined
    ? { name, none: `${formatReference(reference)} is not in the registry yet.` }
    : { name, targets: [ofDigest(pin(reference, digest))] };
}

async function ofEnvironment(
  environment: string,
  subject: Reference,
  { findDeployed, runningImages }: FindEffects,
): Promise<FoundBaseline> {
  const name = `the environment ${environment}`;
  if (runningImages !== undefined) {
    const running = (await runningImages()).flatMap(({ reference }) => reference ?? []);
    return found(
      name,
      sameImage(running, subject),
      'Its cluster runs no image of this repository.',
    );
  }
  const deployed = await findDeployed(environment);
  if ('none' in deployed) {
    return {
      name,
      none:
        deployed.none === 'never'
          ? 'Nothing was deployed there before.'
          : 'None of its successful deployments says which images it has (helm-deploy records them).',
    };
  }
  const images = deployed.images.map(({ reference }) => pinned(reference, environment));
  return found(
    name,
    sameImage(images, subject),
    'Its last deployment has no image of this repository.',
  );
}

function found(name: string, images: readonly PinnedReference[], none: string): FoundBaseline {
  const [first, ...more] = images.map(ofDigest);
  return first === undefined ? { name, none } : { name, targets: [first, ...more] };
}

/** Those of the same repository; where the registry is another, images are promoted between them. */
function sameImage(images: readonly PinnedReference[], subject: Reference): PinnedReference[] {
  const alike = images.filter(({ repository }) => repository === subject.repository);
  const same = alike.filter(({ registry }) => registry === subject.registry);
  const chosen = same.length > 0 ? same : alike;
  return [...new Map(chosen.map((image) => [image.digest, image])).values()];
}

function pinned(reference: string, environment: string): PinnedReference {
  try {
    const parsed = parseReference(reference);
    if (parsed.digest !== undefined) return pin(parsed, parsed.digest);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Failure({
    what: `The record of the last deployment to ${environment} names an image without a digest.`,
    why: `It says ${JSON.stringify(reference.slice(0, 200))}.`,
    remedy: 'Deploy again by helm-deploy, which records digests.',
  });
}

function ofDigest(image: PinnedReference): BaselineTarget {
  return { kind: 'image', image };
}
