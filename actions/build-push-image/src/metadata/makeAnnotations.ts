import type { Expand } from './Expand.ts';
import { type Labels, overrideLabels } from './makeLabels.ts';

/** Where buildx puts an annotation. */
export const annotationLevels = [
  'manifest',
  'index',
  'manifest-descriptor',
  'index-descriptor',
] as const;
export type AnnotationLevel = (typeof annotationLevels)[number];

/** A line may name its own levels, and platforms, as for buildx: `index,manifest[linux/arm64]:key=value`. */
const ownLevels = new RegExp(
  `^((?:${annotationLevels.join('|')})(?:\\[[^\\]]*\\])?(?:,(?:${annotationLevels.join('|')})(?:\\[[^\\]]*\\])?)*):(.*)$`,
  's',
);

/**
 * Makes the annotations as buildx takes them (`manifest:key=value`): those of the event and the
 * input's lines at each level, and what names its own levels as it is.
 *
 * @throws {Failure} that names the line whose expressions are wrong
 */
export function makeAnnotations(
  base: Labels,
  lines: readonly string[],
  levels: readonly AnnotationLevel[],
  expand: Expand,
): readonly string[] {
  const common = overrideLabels(
    base,
    lines.filter((line) => !ownLevels.test(line)),
    'annotations',
    expand,
  );
  const placed = lines.flatMap((line) => {
    const [, places, rest = ''] = ownLevels.exec(line) ?? [];
    if (places === undefined) return [];
    return entries(overrideLabels({}, [rest], 'annotations', expand)).map((e) => `${places}:${e}`);
  });
  return [...levels.flatMap((level) => entries(common).map((e) => `${level}:${e}`)), ...placed];
}

function entries(labels: Labels): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}
