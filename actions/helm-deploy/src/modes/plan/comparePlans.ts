import { oneLine } from '../../../../../shared/log/oneLine.ts';
import type { Plan, PlannedObject } from './Plan.ts';

/** What has moved since a plan was saved, one sentence each, the most telling first; nothing when it holds. */
export function comparePlans(saved: Plan, now: Plan): readonly string[] {
  const name = (plan: Plan) => oneLine(`release ${plan.release} in namespace ${plan.namespace}`);
  if (name(saved) !== name(now)) return [`the plan is of ${name(saved)}, and this is ${name(now)}`];
  const isOther = saved.manifest !== now.manifest || saved.hooks !== now.hooks;
  return [
    ...(saved.revision === now.revision
      ? []
      : [`the release is at revision ${now.revision}, and the plan is of ${saved.revision}`]),
    ...compareObjects(saved.objects, now.objects),
    ...(isOther
      ? [
          'what is deployed is not what was planned: the chart, its values or its images are others (templates that draw random values cannot be planned)',
        ]
      : []),
  ];
}

function compareObjects(
  saved: readonly PlannedObject[],
  now: readonly PlannedObject[],
): readonly string[] {
  const keyOf = ({ apiVersion, object, namespace = '' }: PlannedObject) =>
    `${apiVersion.split('/').slice(0, -1).join()} ${namespace} ${object}`;
  const before = new Map(saved.map((one) => [keyOf(one), one]));
  const present = new Map(now.map((one) => [keyOf(one), one]));
  return [...new Set([...before.keys(), ...present.keys()])].flatMap((key) => {
    const [then, today] = [before.get(key), present.get(key)];
    const object = oneLine((then ?? today)?.object ?? '');
    if (then === undefined) return [`${object} was not in the plan`];
    if (today === undefined) return then.change === 'removed' ? [`${object} is gone already`] : [];
    const change = movedSince(then.seen, today.seen);
    return change === undefined ? [] : [`${object} ${change} since the plan`];
  });
}

function movedSince(then: PlannedObject['seen'], today: PlannedObject['seen']): string | undefined {
  if (then?.uid === today?.uid) return then?.state === today?.state ? undefined : 'was changed';
  if (then === undefined) return 'was made';
  return today === undefined ? 'was deleted' : 'was deleted and made anew';
}
