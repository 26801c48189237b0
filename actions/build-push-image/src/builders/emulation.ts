import type { FailureParts } from '../../../../shared/failure/Failure.ts';

/** How a platform is written where several ways mean one. */
function plain(platform: string): string {
  return platform
    .replace(/^linux\/(aarch64|arm64)(\/v8)?$/, 'linux/arm64')
    .replace(/^linux\/(x86_64|amd64)(\/v1)?$/, 'linux/amd64')
    .replace(/^linux\/arm(\/v7)?$/, 'linux/arm/v7');
}

/**
 * The platforms whose programs the builder cannot run. That is no error by itself: a Dockerfile that
 * only copies, or compiles for them on the builder's own platform, needs none of it.
 *
 * @param offered what the builder runs; nothing is known where it is `undefined`
 */
export function foreignPlatforms(
  wanted: readonly string[],
  offered: readonly string[] | undefined,
): string[] {
  if (offered === undefined) return [];
  const runs = new Set(offered.map(plain));
  return wanted.filter((platform) => platform !== 'local' && !runs.has(plain(platform)));
}

/** What to say when a RUN step met a program of another processor. */
export function explainForeign(
  wanted: readonly string[],
  offered: readonly string[] | undefined,
): FailureParts {
  const foreign = foreignPlatforms(wanted, offered);
  const names = (foreign.length > 0 ? foreign : wanted).join(', ') || 'another processor';
  return {
    what: `This builder cannot run programs of ${names}.`,
    why: 'A RUN step of that platform needs its processor, or an emulator that the kernel knows (binfmt_misc), and there is none here.',
    remedy:
      'Register QEMU in an earlier step (docker/setup-qemu-action, or `docker run --privileged --rm tonistiigi/binfmt --install all`); or, much faster, build each platform in a job on its own kind of runner and merge the digests with `merge`; or compile for it on `--platform=$BUILDPLATFORM`.',
  };
}

/** Whether a build failed since it met a program of another processor. */
export function metForeign(output: string): boolean {
  return /exec format error/i.test(output);
}
