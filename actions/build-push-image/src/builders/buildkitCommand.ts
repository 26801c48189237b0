import { join } from 'node:path';

/** The programs that a BuildKit of ours is started with, by their paths. */
export interface BuildkitPrograms {
  readonly buildkitd: string;
  /** runc or crun. */
  readonly runc: string;
  readonly setpriv: string;
  /** For root. */
  readonly unshare?: string | undefined;
  /** For anybody else. */
  readonly rootlesskit?: string | undefined;
}

export interface BuildkitPlan {
  /** Where its socket lies. */
  readonly folder: string;
  readonly root: string;
  readonly config: string | undefined;
  /** Whether a RUN step gets a /proc of its own; in a container that may not mount it, it cannot. */
  readonly processSandbox: boolean;
}

export function socketOf(folder: string): string {
  return join(folder, 'buildkitd.sock');
}

/**
 * The command line of a BuildKit that cannot outlive the step, even when the step is killed: the
 * kernel kills its first process with its parent (`--pdeathsig`), and with that all processes of its
 * process namespace, RUN steps included. Its mounts are in a namespace of its own and go with it.
 */
export function buildkitCommand(
  { buildkitd, runc, setpriv, unshare, rootlesskit }: BuildkitPrograms,
  { folder, root, config, processSandbox }: BuildkitPlan,
): { readonly program: string; readonly args: readonly string[] } {
  const confined =
    rootlesskit === undefined
      ? [unshare ?? 'unshare', '--kill-child=KILL', '--pid', '--mount-proc', '--fork']
      : [
          rootlesskit,
          '--state-dir',
          join(folder, 'rootlesskit'),
          ...(processSandbox ? ['--pidns'] : []),
        ];
  return {
    program: setpriv,
    args: [
      ...['--pdeathsig', 'KILL', ...confined, buildkitd],
      ...(config === undefined ? [] : ['--config', config]),
      ...['--addr', `unix://${socketOf(folder)}`, '--root', root],
      ...['--otel-socket-path', join(folder, 'otel.sock')],
      ...['--oci-worker=true', '--containerd-worker=false', '--oci-worker-binary', runc],
      ...(processSandbox ? [] : ['--oci-worker-no-process-sandbox']),
    ],
  };
}
