import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { canonicalDigest } from '../../../shared/evidence/canonicalJson.ts';
import { digestOf } from '../../../shared/oci/putManifest.ts';
import type { Digest, PinnedReference } from '../../../shared/oci/Reference.ts';
import { actionsLock } from '../../../shared/tools/lock.ts';
import type { Database } from '../../../shared/trivy/provideDatabase.ts';
import { defaultScanners } from '../../../shared/trivy/Target.ts';
import type { FoundBaseline } from './baseline/findBaseline.ts';
import { ownVersion } from './evidence/ownVersion.ts';
import { reuseKey } from './evidence/reuseKey.ts';
import type { Inputs } from './inputs.ts';

/** What a verdict on this image depends on, besides time. */
export interface ReuseSubject {
  readonly image: PinnedReference;
  readonly platform: string | undefined;
  readonly database: Database | undefined;
  readonly baseline: FoundBaseline | undefined;
}

/**
 * The key of a verdict on this image, made of all that decides it.
 *
 * @returns `undefined` where something decides that has no digest
 */
export async function keyOf(
  { image, platform, database, baseline }: ReuseSubject,
  { scan, decide }: Inputs,
  { env }: Runner,
  now: Date,
): Promise<Digest | undefined> {
  const entry = process.argv[1];
  if (database === undefined || entry === undefined) return undefined;
  const workspace = env.GITHUB_WORKSPACE ?? '.';
  const content = async (path: string) => digestOf(await readFile(resolve(workspace, path)));
  const { kev, epss } = decide.policy;
  const snapshots: Record<string, Digest> = {};
  const { options } = scan;
  const files = [
    ...(options.checks ?? []),
    ...(options.helmValues ?? []),
    ...(options.terraformVariables ?? []),
    ...(options.secretConfig === undefined ? [] : [options.secretConfig]),
  ];
  try {
    if (kev !== undefined) snapshots.kev = await content(kev.file);
    if (epss !== undefined) snapshots.epss = await content(epss.file);
    return reuseKey(
      {
        subject: image.digest,
        platforms: platform === undefined ? [] : [platform],
        policy: decide.policy,
        waivers: decide.waivers,
        vex: decide.vex.map((statement) => canonicalDigest(statement)),
        baseline: baseline && { name: baseline.name, digest: await digestOfBaseline(baseline) },
        snapshots,
        databases: { vulnerabilities: database.digest },
        scanner: { name: 'trivy', version: actionsLock().tools.trivy?.version ?? '' },
        options: {
          ...options,
          scanners: scan.scanners ?? defaultScanners({ kind: 'image' }),
          files: await Promise.all(files.map(content)),
        },
        version: await ownVersion(entry),
      },
      now,
    );
  } catch {
    // A file that cannot be read is told by who needs it.
    return undefined;
  }
}

async function digestOfBaseline(baseline: FoundBaseline): Promise<Digest> {
  if ('none' in baseline) return canonicalDigest(baseline.none);
  const parts = baseline.targets.map(async (target) =>
    target.kind === 'image' ? target.image.digest : digestOf(await readFile(target.path)),
  );
  return canonicalDigest(await Promise.all(parts));
}
