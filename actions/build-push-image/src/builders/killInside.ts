import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Kills the processes whose own mounts come from below a folder: the RUN steps of a BuildKit that
 * had no process namespace (`process-sandbox=false`), which nothing else ends once it was killed.
 */
export function killInside(folder: string): void {
  const ours = mountsOf('self')?.namespace;
  if (ours === undefined) return;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const mounts = mountsOf(pid);
    if (mounts === undefined || mounts.namespace === ours) continue;
    if (!mounts.text.includes(`${folder}/`)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended, or it is somebody else's.
    }
  }
}

function mountsOf(pid: string): { readonly namespace: string; readonly text: string } | undefined {
  try {
    return {
      namespace: readlinkSync(`/proc/${pid}/ns/mnt`),
      // An overlay names its layers here, as they are called outside of the container.
      text: readFileSync(`/proc/${pid}/mountinfo`, 'utf8'),
    };
  } catch {
    return undefined;
  }
}
