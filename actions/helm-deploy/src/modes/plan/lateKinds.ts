import { kindKey } from '../../../../../shared/helm/manifests/definedKinds.ts';
import { readManifests } from '../../../../../shared/helm/manifests/readManifests.ts';
import { splitLate } from '../../../../../shared/helm/manifests/splitLate.ts';
import type { Planned } from './makePlan.ts';

/**
 * The kinds that a deploy brings itself, so that their objects follow when they are served; none where it
 * could not.
 */
export function lateKinds({
  plan,
  rendered,
  served,
}: Pick<Planned, 'plan' | 'rendered' | 'served'>): ReadonlySet<string> {
  const files = [
    ...(plan.definitions?.files ?? []),
    { file: 'the rendered chart', text: rendered.manifest },
  ];
  try {
    const { late, never } = splitLate(
      readManifests(files, plan.namespace),
      ({ apiVersion, kind }) => served.kind(apiVersion, kind) !== undefined,
    );
    return new Set(never.length > 0 ? [] : late.map(kindKey));
  } catch (error) {
    // A chart may render what Helm takes and we do not.
    if (!(error instanceof AggregateError)) throw error;
    return new Set();
  }
}
