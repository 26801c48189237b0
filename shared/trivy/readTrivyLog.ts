import { oneLine } from '../log/oneLine.ts';
import { count } from '../text/count.ts';
import type { Gap } from '../verdict/Inspection.ts';

/** What Trivy said beside its report: it ends well, and reports nothing, where it cannot read a file. */
export interface Asides {
  readonly gaps: readonly Gap[];
  readonly notices: readonly string[];
}

/** What Trivy calls an error and is none: its own checks are what we want. */
const harmless = /Falling back to embedded checks/;
/** Something was left out. Words of licences are not: packages stay known without them. */
const leftOut = /\tERROR\t|\tWARN\t.*\b(?:Skipping|Failed to|Unable to)\b|\tDEBUG\tWalk error\t/;
const aboutLicenses = /licen[cs]e/i;
const unknownValues = /\tWARN\t.*Variable values were not found/;

/** Gathers from the lines of a scan what its report does not say. */
export class TrivyLog {
  readonly #unread = new Map<string, string>();
  #unknownValues = false;

  read(line: string): void {
    if (unknownValues.test(line)) this.#unknownValues = true;
    if (!leftOut.test(line) || harmless.test(line) || aboutLicenses.test(line)) return;
    const file = /file_path="([^"]*)"/.exec(line)?.[1];
    const why = /err="((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line.split('\t').slice(2).join(' ');
    const key = file ?? why;
    if (!this.#unread.has(key)) this.#unread.set(key, why);
  }

  asides(): Asides {
    return {
      gaps: this.#unread.size === 0 ? [] : [unreadable([...this.#unread].sort(byFile))],
      notices: this.#unknownValues
        ? [
            'Some variables of the Terraform configuration have no value here, so what depends on them was not judged. Give them with tf-vars.',
          ]
        : [],
    };
  }
}

function unreadable(files: readonly (readonly [string, string])[]): Gap {
  const [[file, why] = ['', '']] = files;
  const name = file === '.' ? 'the folder' : oneLine(file);
  const others = files.length - 1;
  return {
    what:
      others === 0
        ? `Trivy could not read ${name}, so what it holds was not judged.`
        : `Trivy could not read ${name} and ${count(others, 'other file')}, so what they hold was not judged.`,
    why: oneLine(why.replaceAll('\\"', '"'), 300),
    remedy: 'Correct the file, or leave it out by name (skip-files).',
    details: files.map(([path, reason]) => `${path}: ${reason}`).join('\n'),
  };
}

/** Trivy reads files side by side, in another order each time. */
function byFile([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
