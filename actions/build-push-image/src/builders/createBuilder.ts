import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { silent } from '../../../../shared/log/Log.ts';
import type { Run } from '../../../../shared/process/run.ts';
import { allCapabilities, type Builder, type Buildx } from './Builder.ts';
import { makeFolder, writeMade } from './BuilderFolder.ts';
import { createArguments } from './createArguments.ts';
import { endFolder } from './endFolder.ts';
import { explainCreate } from './explainCreate.ts';
import type { Options } from './readWish.ts';

/** On SIGTERM everything has to be over in 2 s; the `post` step finishes what was not. */
const hurryMs = 1500;

/**
 * Makes a builder for this step and waits until it runs: pods of a cluster, or a container of the
 * docker engine. Its name is random, so that steps that run side by side have their own; it is known
 * to this step only, and removed with it.
 *
 * @throws {Failure} with what the cluster or the engine says
 */
export async function createBuilder(
  driver: 'kubernetes' | 'docker-container',
  options: Options,
  buildx: Buildx,
  runner: Runner,
  run: Run,
): Promise<Builder> {
  const { env, log, signal, secrets } = runner;
  const name = `platform-actions-${randomBytes(5).toString('hex')}`;
  const config = options.config && resolve(env.GITHUB_WORKSPACE ?? '.', options.config);
  const folder = makeFolder(env);
  // Before it is made: a kill may come in between.
  writeMade(folder, { buildx: { program: buildx.program, prefix: buildx.prefix, name } });
  runner.saveState('builder', folder);
  const own = { ...buildx.env, BUILDX_CONFIG: join(folder, 'buildx') };
  const end = (told = log) =>
    endFolder(
      folder,
      { env, log: told },
      signal.aborted ? (command) => run({ ...command, deadlineMs: hurryMs }) : run,
      0,
    );
  const bootstrapped = new AbortController();
  const quickening =
    driver === 'kubernetes' ? quicken(name, options, runner, bootstrapped.signal) : undefined;
  const created = await log.group(`Start a builder (${driver})`, () =>
    run({
      program: buildx.program,
      args: [...buildx.prefix, ...createArguments(driver, name, { ...options, config })],
      env: own,
      signal,
      secrets,
      onLine: (line) => log.untrusted(line),
    }),
  );
  bootstrapped.abort();
  await quickening;
  if (created.exitCode !== 0) {
    const said = created.startError ?? created.stderr;
    // Who may not make it has made nothing, and may not remove it either: that is no second trouble.
    await end(/is forbidden/.test(said) ? silent : log);
    signal.throwIfAborted();
    throw new Failure(explainCreate(driver, said));
  }
  return {
    ...buildx,
    env: own,
    name,
    driver,
    platforms: undefined,
    ...allCapabilities,
    [Symbol.asyncDispose]: () => end(),
  };
}

/** Best effort: what keeps it from that is either harmless, or told by buildx. */
async function quicken(
  builder: string,
  options: Options,
  runner: Runner,
  signal: AbortSignal,
): Promise<void> {
  const { openCluster } = await import('../../../../shared/kube/openCluster.ts');
  const { quickenProbes } = await import('./quickenProbes.ts');
  try {
    const { env, mask } = runner;
    // buildx speaks to the same server, and tells what is wrong with it.
    const { api, namespace = 'default' } = await openCluster(
      {},
      { env, mask, signal, log: silent },
    );
    // It counts the nodes of a builder, and ours has one.
    await quickenProbes(api, options.namespace ?? namespace, `${builder}0`, signal);
  } catch (error) {
    runner.log.debug(`The pods' probes stay as they are: ${(error as Error).message}`);
  }
}
