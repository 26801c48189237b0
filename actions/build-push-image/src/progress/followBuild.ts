import type { Log } from '../../../../shared/log/Log.ts';
import type { BuildProgress } from './BuildProgress.ts';
import { ProgressLog } from './ProgressLog.ts';
import { ProgressReader } from './ProgressReader.ts';

/** A build that is followed while buildx runs with `--progress rawjson`. */
export interface FollowedBuild {
  /** To be given each line that buildx writes on standard error. */
  onLine(line: string): void;
  /** Settled when all is shown; gives what is known of the build. */
  end(): Promise<BuildProgress>;
}

/**
 * Shows a build in the log and keeps what is told of it.
 *
 * @param secrets removed here, after the output of steps is decoded: buildx has to be run without
 *   secrets to remove, since a mask in the middle of what is encoded would spoil it
 */
export function followBuild(log: Log, secrets: Iterable<string>): FollowedBuild {
  const reader = new ProgressReader(secrets);
  const shown = new ProgressLog(log);
  return {
    onLine: (line) => shown.tell(reader.take(line)),
    async end() {
      await shown.end();
      return reader.progress;
    },
  };
}
