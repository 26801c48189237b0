import { readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputProblem, type Parse } from '../../../../shared/action/InputReader.ts';
import type { RemoteChart, Source } from './Source.ts';

const archive = /\.t(ar\.)?gz$/;
const manifest = /\.(ya?ml|json)$/;

/** By which of them a folder is one of kustomize (sigs.k8s.io/kustomize, konfig). */
const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Tells what the input `chart` names, from its form and from what lies in the workspace. */
export function parseSource(
  workspace: string,
  remote: Pick<RemoteChart, 'repository' | 'version' | 'digest'>,
): Parse<Source> {
  return async (given) => {
    const chart = given.trim();
    const isRemote = /^(oci|https?):\/\//.test(chart) || remote.repository !== undefined;
    if (isRemote) return checked({ kind: 'remote', chart, ...remote });
    const path = resolve(workspace, chart);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) {
      throw new InputProblem(
        'is not there',
        'Write a folder, .tgz or manifest relative to the workspace, or an oci:// or https:// address; check the code out in an earlier step.',
      );
    }
    if (remote.version !== undefined || remote.digest !== undefined) {
      throw new InputProblem(
        'lies in the workspace, where `chart-version` and `chart-digest` mean nothing',
        'Take them out, or name the chart in its registry or repository.',
      );
    }
    if (found.isFile()) return fileSource(path);
    return folderSource(path, await readdir(path));
  };
}

function checked(source: RemoteChart): RemoteChart {
  const { chart, repository, version } = source;
  if (repository !== undefined && !/^[A-Za-z0-9][\w.-]*$/.test(chart)) {
    throw new InputProblem(
      'is not the name of a chart in `repository`',
      'Write its bare name, such as `web`, or take `repository` out.',
    );
  }
  const fixed = /^oci:\/\/.*\/[^/]+(@sha256:|:[^/]+$)/.test(chart) || /^https?:/.test(chart);
  if (fixed && version !== undefined) {
    throw new InputProblem(
      'has its version already, and `chart-version` was given too',
      'Keep one of them.',
    );
  }
  return source;
}

function fileSource(path: string): Source {
  if (archive.test(path)) return { kind: 'local', path };
  if (manifest.test(path)) return { kind: 'manifests', path };
  throw new InputProblem(
    'is neither a chart nor a manifest',
    'Write a .tgz, a .yaml or .json file, or a folder.',
  );
}

function folderSource(path: string, entries: readonly string[]): Source {
  if (entries.includes('Chart.yaml')) return { kind: 'local', path };
  if (kustomizations.some((name) => entries.includes(name))) return { kind: 'kustomization', path };
  if (entries.some((name) => manifest.test(name))) return { kind: 'manifests', path };
  throw new InputProblem(
    'is not a chart: there is no Chart.yaml in it, no kustomization.yaml and no manifest',
    "Write the chart's own folder, or the one with the manifests.",
  );
}
