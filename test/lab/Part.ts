import type { Log } from '../../shared/log/Log.ts';

/** What a part of the lab gets to work with. All folders exist. */
export interface LabContext {
  readonly log: Log;
  /** What outlives `lab down` to make the next start warm: images, databases, certificates. */
  readonly cacheDir: string;
  /** What belongs to this run only: configuration, sockets, pid files; removed by `lab down`. */
  readonly stateDir: string;
  /** One `<part>.log` a part. */
  readonly logDir: string;
  /** The path of a pinned program, provisioned when it is not there yet (see shared/tools). */
  program(name: string): Promise<string>;
}

/**
 * One real thing (or double) that the lab runs. `start` and `stop` are idempotent and survive what
 * an earlier crash left: `start` returns when the part answers, `stop` leaves nothing behind.
 */
export interface Part {
  readonly name: string;
  /** What a person reads in `lab status`. */
  readonly about: string;
  /** Parts that have to answer before this one starts. */
  readonly needs: readonly string[];
  /** Pinned programs it runs, so that they can be built before and beside everything else. */
  readonly programs: readonly string[];
  start(lab: LabContext): Promise<void>;
  stop(lab: LabContext): Promise<void>;
  /** Whether it answers now. */
  answers(lab: LabContext): Promise<boolean>;
}
