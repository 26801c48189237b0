import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { buildkitAddress } from '../../lab/buildkit/buildkit.ts';
import { labContext } from '../../lab/lab.ts';
import {
  type PreparedStep,
  prepareStep,
  type StepOptions,
  type StepResult,
  startAction,
} from '../startAction.ts';

/** The BuildKit of the lab. */
export const builder = buildkitAddress(labContext(silent));

export interface Workspace extends Disposable {
  readonly folder: string;
  /** A repository of the test's own in the lab's registry. */
  readonly image: string;
  build(options?: StepOptions): Promise<StepResult>;
  /** The same step, not started. */
  prepare(options?: StepOptions): PreparedStep;
}

/** A folder with these files, and a repository for what is built of it. */
export function workspace(files: Readonly<Record<string, string>>): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const image = `${addresses.registry}/test/build-${randomBytes(4).toString('hex')}`;
  const complete = ({ inputs, ...options }: StepOptions = {}): StepOptions => ({
    ...options,
    workspace: folder,
    inputs: { image, builder, ...inputs },
  });
  return {
    folder,
    image,
    build: (options) => startAction('build-push-image', complete(options)),
    prepare: (options) => prepareStep('build-push-image', complete(options)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** What the registry says of a tag: its digest, or `undefined`. */
export async function digestOf(image: string, tag: string): Promise<string | undefined> {
  const [host, ...path] = image.split('/');
  const response = await fetch(`http://${host}/v2/${path.join('/')}/manifests/${tag}`, {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json',
    },
  });
  return response.headers.get('docker-content-digest') ?? undefined;
}
