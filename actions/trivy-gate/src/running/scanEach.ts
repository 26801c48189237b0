import type { LoggedIn } from '../../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { Failure } from '../../../../shared/failure/Failure.ts';
import type { RunningImage } from '../../../../shared/kube/reports/RunningImage.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import type { Database } from '../../../../shared/trivy/provideDatabase.ts';
import { attest } from '../attest.ts';
import { databaseOf } from '../databaseOf.ts';
import type { Gate } from '../Gate.ts';
import type { Inputs, Single } from '../inputs.ts';
import { judged } from '../judged.ts';
import { look } from '../look.ts';
import { type Seen, unseen } from '../Seen.ts';
import type { RunningTarget } from './RunningTarget.ts';

/** An image that runs, and what was seen of it. */
export interface ScannedImage {
  readonly image: RunningImage;
  readonly seen: Seen;
  /** Why its verdict could not be attached, where that was asked for. */
  readonly failure?: Failure | undefined;
}

/**
 * Judges images one after the other, each as a gate of its own would, but by one database: a new one
 * that comes meanwhile would let two of them be judged by two measures.
 */
export async function scanEach(
  images: readonly RunningImage[],
  inputs: Inputs<RunningTarget>,
  gate: Gate,
  login: LoggedIn,
  runner: Runner,
): Promise<ScannedImage[]> {
  const { log } = runner;
  // What is said of one image is no output of the step; the database is that of all.
  const output = (name: string, value: string) => {
    if (name.startsWith('database-')) runner.output(name, value);
  };
  const quiet = { ...runner, output };
  const scanned: ScannedImage[] = [];
  let database: Promise<Database | undefined> | undefined;
  for (const [at, image] of images.entries()) {
    const { reference } = image;
    if (reference === undefined) {
      scanned.push({ image, seen: unpullable(image, inputs) });
      continue;
    }
    log.info(`${at + 1} of ${images.length}: ${formatReference(reference)}`);
    const target = { kind: 'image', image: reference, cluster: undefined } as const;
    const one: Inputs<Single> = {
      ...inputs,
      target: { ...target, platform: inputs.target.platform },
    };
    // Each has the time that a single one would have.
    const patience = { ...gate.patience, until: Date.now() + inputs.timeoutMs };
    const own: Gate = {
      ...{ ...gate, patience },
      database: () => {
        database ??= databaseOf(one, { ...gate, patience }, quiet);
        return database;
      },
    };
    const seen = await look(one, own, login, quiet);
    const { failure } = await attest(seen, one, own, quiet);
    log.info(seen.judgement.verdict.reason);
    scanned.push({ image, seen, failure });
  }
  return scanned;
}

function unpullable({ name, digest }: RunningImage, inputs: Inputs): Seen {
  const subject = name === '' ? digest : name;
  const gap = {
    what: `Nothing tells from which registry ${subject} comes.`,
    why: 'It was loaded into the node, not pulled.',
    remedy: 'Deploy images from a registry, by their digest.',
  };
  return judged(unseen(subject, [gap]), inputs, { now: new Date() });
}
