import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';
import { childEnvironment } from '../../../../shared/process/childEnvironment.ts';
import { run } from '../../../../shared/process/run.ts';
import { addresses } from '../../addresses.ts';
import { authority } from '../../authority.ts';
import { buildkitAddress } from '../../buildkit/buildkit.ts';
import { command } from '../../command.ts';
import type { LabContext } from '../../Part.ts';
import { acrRefreshToken } from '../../registry/acr/acr.ts';
import { tokenUser } from '../../registry/acr/tokenEndpoints.ts';
import type { BuildArchive, Work } from './buildArchive.ts';

/** ACR's own agent, which may do everything in its registry. */
const agent = { oid: 'acr-agent', appid: 'acr-agent' };

/** Builds what was uploaded with the lab's BuildKit, and pushes it as an agent of ACR does. */
export function buildWithLab(lab: LabContext): BuildArchive {
  return async (work) => {
    const folder = await mkdtemp(join(tmpdir(), 'acr-agent-'));
    try {
      return await buildIn(folder, lab, work);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}

async function buildIn(folder: string, lab: LabContext, work: Work): Promise<string> {
  const context = join(folder, 'context');
  await mkdir(context);
  await pipeline(Readable.from([work.archive]), extract({ cwd: context }));
  const buildx = await lab.program('buildx');
  const extra = {
    BUILDX_CONFIG: join(folder, 'buildx'),
    DOCKER_CONFIG: await loggedIn(folder, lab),
    SSL_CERT_FILE: (await authority(lab)).cert,
  };
  await command(buildx, ['create', '--name', 'lab', '--driver', 'remote', buildkitAddress(lab)], {
    env: extra,
  });
  const metadata = join(folder, 'metadata.json');
  const outcome = await run({
    program: buildx,
    args: ['build', '--builder', 'lab', '--metadata-file', metadata, ...buildArguments(work)],
    cwd: context,
    env: childEnvironment(process.env, extra),
    signal: work.signal,
    onLine: (line) => work.write(line),
  });
  if (outcome.exitCode !== 0) {
    throw new Error(`failed during run, err: exit status ${outcome.exitCode ?? outcome.killedBy}`);
  }
  const written = JSON.parse(await readFile(metadata, 'utf8')) as Record<string, string>;
  return written['containerimage.digest'] ?? '';
}

/** As the agent translates a request for a Dockerfile. */
function buildArguments({ request, images }: Work): string[] {
  const { os, architecture, variant } = request.platform;
  const platform = [os.toLowerCase(), architecture, ...(variant ? [variant] : [])].join('/');
  return [
    ...['--progress', 'plain', '--provenance=false', '--file', request.dockerFilePath],
    ...['--platform', platform],
    ...images.flatMap((image) => ['--tag', image]),
    ...request.arguments.flatMap(({ name, value }) => ['--build-arg', `${name}=${value}`]),
    ...(request.target === undefined ? [] : ['--target', request.target]),
    ...(request.noCache ? ['--no-cache'] : []),
    ...(request.isPushEnabled ? ['--push'] : []),
    '.',
  ];
}

async function loggedIn(folder: string, lab: LabContext): Promise<string> {
  const config = join(folder, 'docker');
  const auth = btoa(`${tokenUser}:${await acrRefreshToken(lab, agent)}`);
  await mkdir(config);
  await writeFile(
    join(config, 'config.json'),
    JSON.stringify({ auths: { [addresses.acr]: { auth } } }),
    { mode: 0o600 },
  );
  return config;
}
