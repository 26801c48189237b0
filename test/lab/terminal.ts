import type { Log } from '../../shared/log/Log.ts';
import { sanitize } from '../../shared/log/sanitize.ts';

/** How often a log that is not a terminal is told how far things are. */
const plainIntervalMs = 15_000;
const terminalIntervalMs = 100;

/** What `npm run lab` and `npm run demo` tell a person: lines, and below them what goes on now. */
export interface Terminal {
  readonly log: Log;
  /** What goes on now; on a terminal it replaces itself, elsewhere it is a line now and then. */
  progress(text: string): void;
}

/** @param started when the command began, for the time before each line */
export function terminal(out: NodeJS.WriteStream = process.stdout, started = Date.now()): Terminal {
  let transient = false;
  let last = Date.now();
  const stamp = () => `${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  `;
  const clear = () => {
    if (transient) out.write('\r\u001b[K');
    transient = false;
  };
  const line = (text: string) => {
    clear();
    out.write(`${stamp()}${sanitize(text)}\n`);
  };
  return {
    log: {
      info: line,
      debug() {},
      notice: line,
      warning: (text) => line(`warning: ${text}`),
      error: (text) => line(`error: ${text}`),
      untrusted: line,
      group: (title, work) => {
        line(title);
        return work();
      },
    },
    progress(text) {
      const now = Date.now();
      if (now - last < (out.isTTY ? terminalIntervalMs : plainIntervalMs)) return;
      last = now;
      if (!out.isTTY) {
        line(text);
        return;
      }
      clear();
      out.write(`${stamp()}${sanitize(text).slice(0, (out.columns ?? 80) - 12)}`);
      transient = true;
    },
  };
}
