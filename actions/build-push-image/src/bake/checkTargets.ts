import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import type { BakeInputs } from '../options/readBake.ts';
import { secretsAmong } from '../options/refuseSecrets.ts';
import type { BakeTarget } from './readTargets.ts';

/**
 * Tells what would only fail after the build, silently do nothing, or leave a secret in an image.
 *
 * @throws {Failure} of the first that may not be
 */
export function checkTargets(
  targets: readonly BakeTarget[],
  { push, metadata, secretRule }: Pick<BakeInputs, 'push' | 'metadata' | 'secretRule'>,
  { log, secrets }: Pick<Runner, 'log' | 'secrets'>,
): void {
  const nameless = targets.find(({ tags, hasOutput }) => tags.length === 0 && !hasOutput);
  if (push && nameless !== undefined) {
    throw new Failure({
      what: `The target ${nameless.name} has no tag, and cannot be pushed.`,
      remedy:
        'Give it `tags` in the bake file, or let it inherit `docker-metadata-action` and give `image`.',
    });
  }
  if (secretRule !== 'allow') {
    for (const target of targets) checkArguments(target, secretRule, secrets, log);
  }
  const wanted = new Set(metadata.tags.map(formatReference));
  const isUsed = targets.some(({ tags }) => tags.some((tag) => wanted.has(formatReference(tag))));
  if (wanted.size > 0 && !isUsed) {
    log.warning(
      'None of the targets inherits `docker-metadata-action`, so that `image` and `tags` name nothing.',
    );
  }
}

function checkArguments(
  { name: target, args }: BakeTarget,
  rule: 'refuse' | 'warn',
  secrets: Iterable<string>,
  log: Pick<Runner['log'], 'warning'>,
): void {
  const given = Object.entries(args).map(([name, value]) => `${name}=${value}`);
  for (const { name, why } of secretsAmong(given, secrets)) {
    const what = `The argument ${name} of the target ${target} should be a secret: ${why}, and everybody who has the image can read it.`;
    const remedy = `Give it as \`secrets: ${name}=…\`, and read it by \`RUN --mount=type=secret,id=${name}\`. What is no secret passes with \`secret-build-args: allow\`.`;
    if (rule === 'refuse') throw new Failure({ what, remedy });
    log.warning(`${what} ${remedy}`);
  }
}
