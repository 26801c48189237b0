import { authorityFrom } from '../../../../shared/action/login/credentialsOf.ts';
import { identityOf } from '../../../../shared/action/login/identityOf.ts';
import type { LoggedIn } from '../../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { armToken } from '../../../../shared/azure/armToken.ts';
import type { Effects } from '../../../../shared/azure/Effects.ts';
import { importImage } from '../../../../shared/azure/importImage.ts';
import type { TaskRegistry } from '../../../../shared/azure/tasks/TaskRegistry.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { httpClient } from '../../../../shared/http/request.ts';
import {
  formatReference,
  type PinnedReference,
  type Reference,
} from '../../../../shared/oci/Reference.ts';
import type { ImportWish } from '../options/readImport.ts';
import type { RegistryPath } from '../options/registryPath.ts';

export interface AcrImport {
  readonly from: PinnedReference;
  /** The repository. */
  readonly to: Reference;
  readonly wish: ImportWish;
  readonly login: Pick<LoggedIn, 'credentialFor'>;
}

/** Has ACR copy an image into a registry of its own. A refusal is told, and no more: it can be sent. */
export async function importByAcr(
  { from, to, wish, login }: AcrImport,
  { env, log, mask, signal }: Runner,
): Promise<void> {
  const http = httpClient({ env, log });
  const effects: Effects = { http, log, mask, signal };
  const cloud = authorityFrom(env, wish.login.cloud);
  const registryOf = ({
    registry: name,
    subscription,
    resourceGroup,
  }: RegistryPath): TaskRegistry => ({
    ...{ arm: wish.arm ?? cloud.arm, subscription, resourceGroup, name },
  });
  const began = performance.now();
  try {
    await importImage({
      registry: registryOf(wish.target),
      image: from,
      source:
        wish.source === undefined
          ? { credential: await login.credentialFor(from.registry) }
          : registryOf(wish.source),
      repository: to.repository,
      token: armToken(identityOf(wish.login, env, effects), cloud, effects),
      ...{ http, signal },
    });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    log.info(`ACR itself copied ${formatReference(from)} to ${to.registry}, in ${seconds} s.`);
  } catch (error) {
    if (signal.aborted) {
      log.info('What ACR was asked to copy may still come; it gets no tag.');
      throw error;
    }
    if (!(error instanceof Failure)) throw error;
    log.warning(
      `ACR does not copy it itself, so that it goes through this runner. ${error.message}`,
    );
  }
}
