import type { CacheMount } from './findCacheMounts.ts';

/** Where the builds that read and fill the mounts keep things in their containers. */
const here = '/platform-actions';

/**
 * Dockerfiles of ours that reach into cache mounts. Nothing but BuildKit can, and only from a RUN: so a
 * RUN of ours mounts what the user's RUN mounts, on the same image (its shell and `cp` are there, and it
 * is pulled for the build anyway), as root, without network, waiting for whoever uses the mount now.
 *
 * @param nonce makes each a step that was never run before: a cached answer would be an old one
 */
export const helperDockerfile = {
  /** Writes a file a mount: `size in KiB, sum of what lies there`; see `readMeasures`. */
  measure(mounts: readonly CacheMount[], nonce: string): string {
    const [list, files] = [`${here}/list`, `${here}/files`];
    const script = ({ key }: CacheMount) => {
      const at = `${here}/mount/${key}`;
      const steps = [
        `size=$(du -sk ${at})`,
        `ls -AlnR ${at} > ${list}`,
        // Folders have other sizes on another disk, with the same content.
        `sed -e '/^total /d' -e '/^d/d' ${list} > ${files}`,
        // No pipe: it would hide that a program is not there.
        `sum=$(sha256sum < ${files})`,
        `echo "$size $sum" > ${here}/out/${key}`,
      ];
      return `if [ -n "$(ls -A ${at})" ]; then ${steps.join(' && ')}; fi`;
    };
    return lines(
      stages(mounts, (own) => run(own, [`mkdir ${here}/out`, ...own.map(script)], nonce)),
      'FROM scratch',
      bases(mounts).map((_, stage) => `COPY --from=s${stage} ${here}/out /`),
    );
  },

  /** Fills mounts that are empty from an image of `save`. */
  restore(mounts: readonly CacheMount[], saved: string, nonce: string): string {
    const script = ({ key }: CacheMount) => {
      const at = `${here}/mount/${key}`;
      return `[ -n "$(ls -A ${at})" ] || cp -a ${here}/saved/${key}/. ${at}`;
    };
    const bind = ({ key }: CacheMount) =>
      `--mount=type=bind,from=saved,source=/${key}/mount,target=${here}/saved/${key}`;
    return lines(
      `FROM ${saved} AS saved`,
      stages(mounts, (own) => run(own, own.map(script), nonce, own.map(bind))),
      // A stage that nothing comes from would not be built.
      'FROM scratch',
      bases(mounts).map((_, stage) => `COPY --from=s${stage} ${here}/done /`),
    );
  },

  /** Makes an image with a layer a mount; an unchanged mount is the same layer again. */
  save(mounts: readonly CacheMount[], nonce: string): string {
    // One folder deeper than it is copied, since COPY gives the outermost one another owner and mode.
    const script = ({ key }: CacheMount) =>
      `mkdir -p ${here}/out/${key}/mount && cp -a ${here}/mount/${key}/. ${here}/out/${key}/mount`;
    const stageOf = (mount: CacheMount) => bases(mounts).indexOf(mount.base);
    return lines(
      stages(mounts, (own) => run(own, [`mkdir ${here}/out`, ...own.map(script)], nonce)),
      'FROM scratch',
      mounts.map(
        (mount) => `COPY --link --from=s${stageOf(mount)} ${here}/out/${mount.key} /${mount.key}`,
      ),
    );
  },
};

function stages(
  mounts: readonly CacheMount[],
  step: (own: readonly CacheMount[]) => string,
): string[] {
  return bases(mounts).flatMap((base, stage) => [
    `FROM ${base} AS s${stage}`,
    'USER 0:0',
    step(mounts.filter((mount) => mount.base === base)),
  ]);
}

function bases(mounts: readonly CacheMount[]): string[] {
  return [...new Set(mounts.map(({ base }) => base))];
}

function run(
  mounts: readonly CacheMount[],
  commands: readonly string[],
  nonce: string,
  more: readonly string[] = [],
): string {
  const script = [...commands, `echo ${nonce} > ${here}/done`].join(' && ');
  const flags = [...mounts.map(mountFlag), ...more];
  // The form of a list, since a stage may have a shell of its own.
  return `RUN --network=none ${flags.join(' ')} ${JSON.stringify(['/bin/sh', '-c', `export LC_ALL=C; { ${script}; }`])}`;
}

function mountFlag({ key, id, owner }: CacheMount): string {
  const attributes = Object.entries(owner).map(([name, value]) => `,${name}=${value}`);
  return `--mount=type=cache,id=${id},target=${here}/mount/${key},sharing=locked${attributes.join('')}`;
}

function lines(...parts: readonly (string | readonly string[])[]): string {
  return `${parts.flat().join('\n')}\n`;
}
