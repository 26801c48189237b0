import { randomUUID } from 'node:crypto';
import { endGroup, error, isDebug, notice, startGroup, warning } from '@actions/core';
import type { Place } from '../failure/Failure.ts';
import type { Log } from '../log/Log.ts';
import { plainText, sanitize } from '../log/sanitize.ts';
import { redact } from '../process/redact.ts';

/** The runner cuts an annotation near 64 KiB; nobody reads one that long. */
const longestAnnotation = 4000;

/** A line that the runner would take for a command, in its present or its older form. */
const looksLikeCommand = /^\s*::|##\[/m;

/**
 * The log of a step. Untrusted text is printed with the runner's commands switched off (under a
 * random token that the text cannot know), and on again before anything of ours.
 */
export function githubLog(secrets: Iterable<string>, write = writeOut): Log {
  const token = randomUUID();
  let off = false;
  const commands = (on: boolean) => {
    if (on === !off) return;
    write(on ? `::${token}::` : `::stop-commands::${token}`);
    off = !on;
  };
  const hide = (text: string) => redact(text, secrets);
  const annotation = (text: string) => hide(plainText(text)).slice(0, longestAnnotation);

  return {
    info(text) {
      const shown = hide(sanitize(text));
      commands(!looksLikeCommand.test(shown));
      write(shown);
      commands(true);
    },
    debug(text) {
      if (isDebug()) this.untrusted(text);
    },
    notice(text, place) {
      commands(true);
      notice(annotation(text), properties(place));
    },
    warning(text, place) {
      commands(true);
      warning(annotation(text), properties(place));
    },
    error(text, place) {
      commands(true);
      error(annotation(text), properties(place));
    },
    untrusted(text) {
      commands(false);
      write(hide(sanitize(text)));
    },
    async group(title, work) {
      commands(true);
      startGroup(annotation(title).replaceAll('\n', ' '));
      try {
        return await work();
      } finally {
        commands(true);
        endGroup();
      }
    },
  };
}

function writeOut(line: string): void {
  process.stdout.write(`${line}\n`);
}

function properties(place: Place | undefined) {
  if (place === undefined) return {};
  return {
    file: place.file,
    ...(place.line !== undefined && { startLine: place.line }),
    ...(place.column !== undefined && { startColumn: place.column }),
  };
}
