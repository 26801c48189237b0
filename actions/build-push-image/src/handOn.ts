import type { Runner } from '../../../shared/action/Runner.ts';
import { type Digest, type PinnedReference, pin } from '../../../shared/oci/Reference.ts';
import type { Inputs } from './inputs.ts';
import { outputNames, outputReference } from './nameOutputs.ts';

/** What is handed to the next step: the image by its digest; `undefined` without a push. */
export function referenceOf(
  { name, push }: Pick<Inputs, 'name' | 'push'>,
  digest: Digest | undefined,
): PinnedReference | undefined {
  return push && name !== undefined && digest !== undefined ? pin(name, digest) : undefined;
}

/** Writes what an image is called, at the moment that it exists: it is known whatever happens next. */
export function handOn(
  inputs: Pick<Inputs, 'name' | 'push' | 'metadata'>,
  digest: Digest | undefined,
  runner: Pick<Runner, 'output'>,
): void {
  const reference = referenceOf(inputs, digest);
  if (reference !== undefined) outputReference(reference, runner);
  else if (digest !== undefined) runner.output('digest', digest);
  outputNames(inputs.metadata, runner);
}
