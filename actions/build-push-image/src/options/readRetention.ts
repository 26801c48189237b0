import type { InputReader, Parse } from '../../../../shared/action/InputReader.ts';
import { type Login, readLogin } from '../../../../shared/action/login/readLogin.ts';
import { duration, lines, oneOf } from '../../../../shared/action/parsers.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { Digest, Reference } from '../../../../shared/oci/Reference.ts';
import { hostsOf, type Named } from './readNamed.ts';
import { pinned } from './readPinned.ts';

const msPerDay = 86_400_000;

/** Its name says what a bare number is. */
const days: Parse<number> = (given) =>
  /^\d+(\.\d+)?$/.test(given.trim()) ? Number(given) * msPerDay : duration(given);

/** What is tidied up, and what stays whatever the rules say. */
export interface RetentionInputs {
  readonly event: Named['event'];
  readonly repositories: readonly Reference[];
  /** Whether something is removed, and not only told. */
  readonly apply: boolean;
  readonly days: number;
  readonly running: ReadonlySet<Digest>;
  readonly login: Login;
}

export async function readRetention(
  reader: InputReader,
  { event, images, name }: Named,
  runner: Runner,
): Promise<RetentionInputs> {
  const apply = await reader.required('retention', oneOf(['plan', 'apply'], 'a way'));
  const ms = await reader.required('retention-days', days);
  const running = await reader.optional('keep', lines(pinned(name)));
  if (images.length === 0 && !reader.isWrong('image') && !reader.isWrong('images')) {
    reader.conflict(
      'Input image is required and was not given.',
      'Add the repository that is tidied up as `image:` under `with:`.',
    );
  }
  return {
    event,
    repositories: images,
    apply: apply === 'apply',
    days: ms / msPerDay,
    running: new Set(running?.map(({ digest }) => digest)),
    login: await readLogin(reader, hostsOf(images), runner),
  };
}
