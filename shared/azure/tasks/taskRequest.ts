import { Failure } from '../../failure/Failure.ts';

export interface BuildArgument {
  readonly name: string;
  readonly value: string;
  /** ACR keeps it out of its log and of what it tells of the run. */
  readonly secret?: boolean;
}

/** What ACR is to build; all that a run of a Dockerfile knows. */
export interface TaskBuild {
  /** `repository:tag`, without the registry. */
  readonly names: readonly string[];
  readonly push: boolean;
  /** Such as `linux/arm64/v8`; one only. */
  readonly platforms?: readonly string[];
  readonly target?: string | undefined;
  readonly arguments?: readonly BuildArgument[];
  readonly noCache?: boolean;
  /** 300 to 28,800; ACR takes 3600 by itself. */
  readonly timeoutSeconds?: number | undefined;
  /** A pool of agents of the registry's own, in a network of its own. */
  readonly agentPool?: string | undefined;
  readonly cpu?: number | undefined;
}

const systems: Readonly<Record<string, string>> = { linux: 'Linux', windows: 'Windows' };
const architectures = ['amd64', 'x86', '386', 'arm', 'arm64'];

/**
 * The body of `scheduleRun`.
 *
 * @param source where the context was uploaded to, and its Dockerfile there
 * @throws {Failure} for what ACR tasks cannot build
 */
export function taskRequest(
  build: TaskBuild,
  source: { readonly location: string; readonly dockerfile: string },
): Record<string, unknown> {
  const { timeoutSeconds, agentPool, target, cpu } = build;
  if (timeoutSeconds !== undefined && (timeoutSeconds < 300 || timeoutSeconds > 28_800)) {
    throw new Failure({
      what: `ACR tasks do not take a timeout of ${timeoutSeconds} s.`,
      remedy: 'Give 300 to 28800 seconds.',
    });
  }
  return {
    type: 'DockerBuildRequest',
    imageNames: build.names,
    isPushEnabled: build.push,
    noCache: build.noCache ?? false,
    dockerFilePath: source.dockerfile,
    sourceLocation: source.location,
    platform: readPlatform(build.platforms ?? []),
    arguments: (build.arguments ?? []).map(({ name, value, secret = false }) => ({
      name,
      value,
      isSecret: secret,
    })),
    ...(target !== undefined && { target }),
    ...(timeoutSeconds !== undefined && { timeout: timeoutSeconds }),
    ...(agentPool !== undefined && { agentPoolName: agentPool }),
    ...(cpu !== undefined && { agentConfiguration: { cpu } }),
  };
}

function readPlatform(platforms: readonly string[]): Record<string, string> {
  const [platform = 'linux/amd64', ...more] = platforms;
  if (more.length > 0) {
    throw new Failure({
      what: `A run of ACR tasks builds for one platform, not for ${platforms.join(', ')}.`,
      remedy: 'Build each in a job of its own, and merge their digests in a last one.',
    });
  }
  const [system = '', architecture = '', variant] = platform.split('/');
  const os = systems[system];
  if (os === undefined || !architectures.includes(architecture)) {
    throw new Failure({
      what: `ACR tasks do not build for ${JSON.stringify(platform)}.`,
      remedy: 'They build for linux and windows on amd64, 386, arm and arm64.',
    });
  }
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
