import { Failure } from '../../../../shared/failure/Failure.ts';
import { nearest } from '../../../../shared/text/nearest.ts';
import { type AnnotationLevel, annotationLevels } from './makeAnnotations.ts';

export interface Options {
  readonly shortShaLength: number;
  readonly annotationLevels: readonly AnnotationLevel[];
}

/**
 * Reads the variables by which docker/metadata-action is set up (its third one
 * is read with the event), for those who come from it.
 *
 * @throws {Failure} that names the variable
 */
export function readOptions(env: Readonly<Record<string, string | undefined>>): Options {
  const length = env.DOCKER_METADATA_SHORT_SHA_LENGTH || '7';
  if (!/^[1-9]\d?$/.test(length)) {
    throw new Failure({
      what: `DOCKER_METADATA_SHORT_SHA_LENGTH is ${JSON.stringify(length)}, which is not a length.`,
      remedy: 'Write a number from 1 to 64, or leave it out for 7.',
    });
  }
  const levels = (env.DOCKER_METADATA_ANNOTATIONS_LEVELS || 'manifest').split(',');
  return {
    shortShaLength: Number(length),
    annotationLevels: levels.map((level) => annotationLevel(level.trim())),
  };
}

function annotationLevel(given: string): AnnotationLevel {
  const level = annotationLevels.find((one) => one === given);
  if (level !== undefined) return level;
  const near = nearest(given, annotationLevels);
  throw new Failure({
    what: `DOCKER_METADATA_ANNOTATIONS_LEVELS has ${JSON.stringify(given)}, which is no level.`,
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}Write one or several of ${annotationLevels.join(', ')}.`,
  });
}
