import { Failure } from '../../../../shared/failure/Failure.ts';
import { formatReference, type Reference } from '../../../../shared/oci/Reference.ts';
import type { Finding } from '../../../../shared/verdict/Finding.ts';
import type { Gap, Inspection, Package } from '../../../../shared/verdict/Inspection.ts';
import {
  type BaselineTarget,
  type FindEffects,
  type FoundBaseline,
  findBaseline,
} from './findBaseline.ts';
import type { WantedBaseline } from './parseBaseline.ts';

/** What was there before the change. */
export interface Baseline {
  /** As a person names it: `the environment production`. */
  readonly name: string;
  /** What was surely in it; the same finding in the change is not new. */
  readonly findings: readonly Finding[];
  /** So that what the policy itself denies is known from it, too. */
  readonly packages?: readonly Package[] | undefined;
  readonly system?: Inspection['system'];
  /** That there is none and so all is new, and what of it was not seen. */
  readonly notices: readonly string[];
  /** Why it could not be had. The findings are none then, and the verdict is not complete. */
  readonly gaps: readonly Gap[];
}

export interface BaselineEffects extends FindEffects {
  /** @throws {Failure} when it cannot be inspected */
  readonly inspect: (target: BaselineTarget) => Promise<Inspection>;
}

/**
 * Finds out what the change is compared with. Whatever keeps it from being seen can only make findings
 * new that are not; that it is told, and only one that is out of reach is a gap.
 */
export async function resolveBaseline(
  wanted: WantedBaseline,
  subject: Reference | undefined,
  effects: BaselineEffects,
): Promise<Baseline> {
  try {
    const found = await findBaseline(wanted, subject, effects);
    return await inspectBaseline(found, subject, effects);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return outOfReach(wanted, error);
  }
}

/** A baseline that could not be had: nothing is known from it, and that makes a gap. */
export function outOfReach(
  wanted: WantedBaseline,
  { what, why, remedy, details }: Failure,
): Baseline {
  const gap = {
    what: `What is new cannot be told, for the baseline could not be had: ${what}`,
    ...{ why, remedy, details },
  };
  return { name: nameOf(wanted), findings: [], notices: [], gaps: [gap] };
}

/**
 * Looks into a baseline that was found.
 *
 * @throws {Failure} when none of it can be inspected
 */
export async function inspectBaseline(
  found: FoundBaseline,
  subject: Reference | undefined,
  { inspect }: Pick<BaselineEffects, 'inspect'>,
): Promise<Baseline> {
  const { name } = found;
  if ('none' in found) {
    const notice = `All findings are new, for there is no baseline: ${name} has none yet. ${found.none}`;
    return { name, findings: [], notices: [notice], gaps: [] };
  }
  const findings: Finding[] = [];
  const packages: Package[] = [];
  const notices: string[] = [];
  let system: Inspection['system'];
  // One after the other: each is a scan.
  for (const target of found.targets) {
    const seen = await inspect(target);
    findings.push(...seen.findings);
    packages.push(...(seen.packages ?? []));
    system ??= seen.system;
    if (target.kind === 'image' && target.image.digest === subject?.digest) {
      notices.push(
        `The baseline ${show(target)} is the image that is judged: nothing in it is new.`,
      );
    }
    const [gap] = seen.gaps;
    if (gap !== undefined) {
      notices.push(
        `The baseline ${show(target)} was not seen whole, so that findings may be called new which are not: ${gap.what}`,
      );
    }
  }
  const full = `${name} (${found.targets.map(show).join(', ')})`;
  return { name: full, findings, packages, system, notices, gaps: [] };
}

function show(target: BaselineTarget): string {
  return target.kind === 'image' ? formatReference(target.image) : target.path;
}

function nameOf(wanted: WantedBaseline): string {
  if (wanted.kind === 'image') return formatReference(wanted.reference);
  return wanted.kind === 'report' ? wanted.path : `the ${wanted.kind} ${wanted.name}`;
}
