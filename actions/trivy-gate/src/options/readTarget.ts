import { stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { kubeconfig } from '../../../../shared/action/kubeconfig.ts';
import { duration, lines, oneOf, text } from '../../../../shared/action/parsers.ts';
import type { ReportKind } from '../../../../shared/kube/reports/ClusterReport.ts';
import {
  type PinnedReference,
  parseReference,
  pin,
  type Reference,
} from '../../../../shared/oci/Reference.ts';
import type { Target } from '../../../../shared/trivy/Target.ts';
import type { ReportsTarget } from '../cluster/inspectReports.ts';
import { namespaceList, reportKinds } from '../cluster/parsers.ts';
import { type RunningTarget, registryHost } from '../running/RunningTarget.ts';

/** What is judged, before anything was asked about it. */
export type Wanted =
  | {
      readonly kind: 'image';
      readonly image: Reference;
      readonly platform: string | undefined;
      /** What its environment runs, as a baseline. */
      readonly cluster: Pick<ReportsTarget, 'kubeconfig' | 'namespaces'> | undefined;
    }
  /** What the reports in a cluster say of what runs there. */
  | { readonly kind: 'cluster'; readonly reports: ReportsTarget }
  | RunningTarget
  | (Extract<Target, { kind: 'filesystem' | 'config' | 'repository' }> & {
      /** Where the paths of what is found in it begin in the workspace; none of another repository. */
      readonly folder: string | undefined;
    })
  | Exclude<Target, { kind: 'image' | 'filesystem' | 'config' | 'repository' }>;

/** trivy-action's words, and three of ours. */
const types = [
  ...(['image', 'fs', 'filesystem', 'rootfs', 'repo', 'repository', 'config', 'sbom'] as const),
  ...(['report', 'cluster', 'running'] as const),
];

const allKinds: readonly ReportKind[] = ['vulnerability', 'misconfiguration', 'secret'];

/** Reads what is to be judged. What is wrong is told to the reader. */
export async function readTarget(reader: InputReader, workspace: string): Promise<Wanted> {
  const type = await reader.required('scan-type', oneOf(types, 'a type of scan'));
  const image = await imageOf(reader);
  const input = await reader.optional('input', lying(workspace));
  // A repository may be one of the web.
  const isRepository = type === 'repo' || type === 'repository';
  const given = isRepository ? undefined : await reader.optional('scan-ref', lying(workspace));
  const repository = await reader.optional('scan-ref', text);
  const platform = await reader.optional('platform', platformName);
  const namespaces = await reader.optional('namespaces', namespaceList);
  const kinds = (await reader.optional('report-kinds', reportKinds)) ?? new Set(allKinds);
  const maxAgeMs = await reader.optional('max-report-age', duration);
  const registries = await reader.optional('registries', lines(registryHost));
  const config = await reader.confidential('kubeconfig', kubeconfig(workspace));
  const here = { path: workspace, name: 'the workspace' };

  if (type === 'image' && input !== undefined) {
    const { isFolder, ...at } = input;
    return { kind: isFolder ? 'layout' : 'archive', ...at, platform };
  }
  if (type !== 'image' && image !== undefined && type !== 'report') {
    reader.conflict(
      `Inputs image and scan-type: an image is given, and \`${type}\` is no scan of one.`,
      'Leave out one of them.',
    );
  }
  switch (type) {
    case 'image':
      if (image === undefined && !reader.isWrong('image') && !reader.isWrong('image-ref')) {
        reader.conflict(
          'Input image is required and was not given.',
          'Add `image:` under `with:`, such as the `reference` of build-push-image; or `scan-type` for what is no image.',
        );
      }
      return {
        kind: 'image',
        image: image as Reference,
        platform,
        cluster: namespaces && { kubeconfig: config, namespaces },
      };
    case 'cluster':
    case 'running': {
      if (namespaces === undefined && !reader.isWrong('namespaces')) {
        reader.conflict(
          `Input namespaces is required for scan-type \`${type}\` and was not given.`,
          'Write one a line, or `*` for the whole cluster.',
        );
      }
      const cluster = { kubeconfig: config, namespaces: namespaces ?? [] };
      if (type === 'cluster') return { kind: type, reports: { ...cluster, kinds, maxAgeMs } };
      return { kind: type, cluster, registries: registries ?? [], platform };
    }
    case 'sbom':
    case 'report':
      if (given === undefined && !reader.isWrong('scan-ref')) {
        reader.conflict(
          `Input scan-ref is required for scan-type \`${type}\` and was not given.`,
          'Write the path of the file.',
        );
      }
      if (type === 'sbom') return { kind: type, ...(given ?? here) };
      return { kind: type, ...(given ?? here), maxAgeMs, image: image && pinned(image, reader) };
    case 'repo':
    case 'repository':
      checkAddress(repository, reader);
      return repositoryAt(workspace, repository ?? '.');
    default:
      return {
        kind: type === 'config' ? 'config' : 'filesystem',
        ...(given ?? here),
        folder: folderIn(workspace, given?.isFolder === false ? dirname(given.path) : given?.path),
      };
  }
}

/** The image that a report has to be about: a report names digests, and a tag moves. */
function pinned(image: Reference, reader: InputReader): PinnedReference | undefined {
  if (image.digest !== undefined) return pin(image, image.digest);
  reader.conflict(
    'Input image has a tag and no digest, so that nobody can say whether the report is about it.',
    'Write `registry/name@sha256:…`.',
  );
  return undefined;
}

/** By either name. Both are asked for, since the runner sets what is left out to an empty text. */
async function imageOf(reader: InputReader): Promise<Reference | undefined> {
  const image = await reader.optional('image', reference);
  const alias = await reader.optional('image-ref', reference);
  if (image !== undefined && alias !== undefined) {
    reader.conflict('Inputs image and image-ref are the same.', 'Leave image-ref out.');
  }
  return image ?? alias;
}

/** A path of the workspace at which there is something. */
function lying(workspace: string): Parse<{ path: string; name: string; isFolder: boolean }> {
  return async (given) => {
    const name = given.trim();
    const path = resolve(workspace, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) {
      throw new InputProblem(
        'is not there',
        'Write a path of the workspace, and check that the step that makes it ran before this one.',
      );
    }
    return { path, name, isFolder: found.isDirectory() };
  };
}

/** What stands in an address would be read in the summary, and on Trivy's command line. */
function checkAddress(given: string | undefined, reader: InputReader): void {
  if (given === undefined || !/^\s*[a-z+]+:\/\/[^/?#]*@/i.test(given)) return;
  reader.conflict(
    'Input scan-ref: there is a user or a password in the address, and addresses are no secrets.',
    'Check the repository out by actions/checkout with its token, and write the path.',
  );
}

function repositoryAt(workspace: string, given: string): Wanted {
  const kind = 'repository';
  if (/^https?:\/\//.test(given)) return { kind, at: given, folder: undefined };
  const at = resolve(workspace, given);
  const name = at === resolve(workspace) ? 'the workspace' : given.trim();
  return { kind, at, name, folder: folderIn(workspace, at) };
}

/** @returns `undefined` for what is not in the workspace */
function folderIn(workspace: string, path = workspace): string | undefined {
  const folder = relative(workspace, path);
  return folder === '..' || folder.startsWith('../') ? undefined : folder;
}

/** Parses the name of an image. */
export function reference(given: string): Reference {
  try {
    return parseReference(given.trim());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `is not the name of an image: ${error.message}`,
      'Write `registry/name@sha256:…`, or `registry/name:tag`.',
    );
  }
}

function platformName(given: string): string {
  const name = given.trim();
  if (/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9.]+)?$/.test(name)) return name;
  throw new InputProblem('is not a platform', 'Write it as `linux/amd64` or `linux/arm/v7`.');
}
