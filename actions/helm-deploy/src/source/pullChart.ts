import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { explainPull } from '../../../../shared/helm/explainPull.ts';
import type { Helm } from '../../../../shared/helm/Helm.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { RemoteChart } from './Source.ts';

export interface Pulled {
  /** The archive in the step's own folder. */
  readonly path: string;
  /** Of the manifest in a registry, else of the archive. */
  readonly digest: string;
}

/**
 * Fetches a chart once, so that all that follows is of the same one.
 *
 * @throws {Failure} when it cannot be had, is no archive, or has another digest than it has to
 */
export async function pullChart(
  source: RemoteChart,
  helm: Helm,
  folder: string,
  signal: AbortSignal,
): Promise<Pulled> {
  await mkdir(folder, { recursive: true });
  const { chart, repository, version } = source;
  const outcome = await helm.pull({ chart, repository, version, folder }, signal);
  signal.throwIfAborted();
  if (outcome.exitCode !== 0) {
    throw new Failure({
      ...explainPull(outcome.startError ?? outcome.stderr, source),
      details: outcome.stderr,
    });
  }
  const [name = ''] = (await readdir(folder)).filter((entry) => /\.t(ar\.)?gz$/.test(entry));
  const path = join(folder, name);
  const content = name === '' ? new Uint8Array() : await readFile(path);
  if (content[0] !== 0x1f || content[1] !== 0x8b) {
    throw new Failure({
      what: `Input chart: what ${oneLine(repository ?? chart)} gives is no archive.`,
      why: `It begins with ${JSON.stringify(oneLine(new TextDecoder().decode(content.slice(0, 60))))}`,
      remedy: 'Look at the address in a browser: a login page or a proxy may answer there.',
    });
  }
  const sum = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const ofRegistry = /^Digest: (sha256:[a-f0-9]{64})$/m.exec(outcome.stdout + outcome.stderr)?.[1];
  const { digest } = source;
  if (digest !== undefined && digest !== sum && digest !== ofRegistry) {
    throw new Failure({
      what: `Input chart-digest: ${oneLine(chart)} is another chart than it has to be; nothing was changed.`,
      why: `Its digest is ${ofRegistry ?? sum}, and has to be ${digest}.`,
      remedy:
        'Find out who changed it. When it is meant to be, give the new digest, or pin a version that has the old one.',
    });
  }
  return { path, digest: ofRegistry ?? sum };
}
