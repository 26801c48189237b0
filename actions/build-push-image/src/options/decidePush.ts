import type { InputReader } from '../../../../shared/action/InputReader.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { hasNoRight } from '../deeds/hasNoRight.ts';
import { asksOnly } from './asksOnly.ts';
import type { Build } from './readBuild.ts';
import type { Named } from './readNamed.ts';

/**
 * Pushed when it is said; when it is not, an image that is named by `image` is, and one that only has
 * `tags` is not (as in docker/build-push-action).
 */
export function decidePush(
  reader: InputReader,
  { images, event }: Pick<Named, 'images' | 'event'>,
  build: Pick<Build, 'push' | 'load' | 'outputs' | 'passedOn'>,
  runner: Runner,
): boolean {
  const { push, load, outputs } = build;
  if (push === true && load) {
    reader.conflict('Inputs push and load are both true.', 'Leave one of them out.');
  }
  if (asksOnly(build)) return false;
  // What was wrong is `undefined` here, and is told by then.
  const isNamed = images.length > 0 || (event.restricted !== undefined && wasNamed(reader));
  const wanted = push ?? (isNamed && !load && outputs?.length === 0);
  return wanted && !hasNoRight('The image is built and not pushed', event, runner);
}

/** A name whose registry is a variable is none in a pull request from a fork. */
function wasNamed(reader: InputReader): boolean {
  return reader.has('image') || reader.has('images');
}
