import { join } from 'node:path';
import { authorityFrom } from '../../../../shared/action/login/credentialsOf.ts';
import { identityOf } from '../../../../shared/action/login/identityOf.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { armToken } from '../../../../shared/azure/armToken.ts';
import type { Effects } from '../../../../shared/azure/Effects.ts';
import { buildByTasks } from '../../../../shared/azure/tasks/buildByTasks.ts';
import { httpClient } from '../../../../shared/http/request.ts';
import { dockerfileOf } from '../deeds/dockerfileOf.ts';
import { handOn } from '../handOn.ts';
import type { Image } from '../Image.ts';
import type { Inputs } from '../inputs.ts';
import type { Looked } from '../lookForUnchanged.ts';
import type { TasksWish } from '../options/readTasks.ts';
import { recordTag } from '../unchanged/buildRecord.ts';

/** Has ACR build the image, next to where it is kept; nothing of it needs a builder here. */
export async function makeByTasks(
  inputs: Inputs,
  wish: TasksWish,
  { because, key }: Looked,
  runner: Runner,
): Promise<Image> {
  const { env, log, mask, secrets, signal } = runner;
  const { build, metadata, name, push } = inputs;
  const started = performance.now();
  const http = httpClient({ env, log });
  const effects: Effects = { http, log, mask, signal };
  const cloud = authorityFrom(env, wish.login.cloud);
  // Under this name a run is found again whose id was lost; then the record of the build gets it.
  const keyTag = push && key !== undefined ? recordTag(key.key) : undefined;
  const tags = metadata.tags.map(({ repository, tag }) => `${repository}:${tag}`);
  const keyName = keyTag && `${name?.repository}:${keyTag}`;
  const { digest } = await buildByTasks({
    registry: {
      arm: wish.arm ?? cloud.arm,
      subscription: wish.subscription,
      resourceGroup: wish.resourceGroup,
      name: wish.registry,
    },
    context: build.context,
    dockerfile: build.file ?? join(build.context, 'Dockerfile'),
    dockerfileInRepository: dockerfileOf(inputs, runner),
    build: {
      names: keyName === undefined ? tags : [...tags, keyName],
      push,
      platforms: build.platforms,
      target: build.passedOn.target?.[0],
      arguments: build.buildArgs.map(argument),
      noCache: build.passedOn['no-cache'] !== undefined,
      timeoutSeconds: wish.timeoutSeconds,
      agentPool: wish.agentPool,
      cpu: wish.cpu,
    },
    ...{ keyName, labels: metadata.labels, tempDir: runner.tempDir },
    token: armToken(identityOf(wish.login, env, effects), cloud, effects),
    ...{ http, log, signal, secrets },
  });
  handOn(inputs, digest, runner);
  return {
    ...{ digest, built: true, reason: because, imageId: digest, metadata: '{}' },
    ...{ progress: undefined, bases: [], durationMs: performance.now() - started },
  };
}

function argument(entry: string): { readonly name: string; readonly value: string } {
  const equals = entry.indexOf('=');
  return { name: entry.slice(0, equals), value: entry.slice(equals + 1) };
}
