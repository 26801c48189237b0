import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { oneLine } from '../log/oneLine.ts';
import { count } from '../text/count.ts';
import type { Scannable } from './Target.ts';
import type { TrivyReport } from './TrivyReport.ts';

/** What Trivy obeys in Terraform, Dockerfiles, charts and manifests; the second is its predecessor's. */
const comment = /(?:trivy|tfsec):ignore:([\w*./-]+)/g;

/** A configuration is written by people. */
const largest = 1024 * 1024;
const shown = 5;

/**
 * Tells of the comments by which files hide findings in themselves. Trivy obeys them without a word,
 * and nobody answers for them as for a waiver.
 */
export async function findIgnoreComments(
  target: Scannable,
  { Results }: TrivyReport,
): Promise<string[]> {
  const root = rootOf(target);
  if (root === undefined) return [];
  const files = new Set(
    (Results ?? []).filter(({ Class }) => Class === 'config').map(({ Target }) => Target),
  );
  const found = (await Promise.all([...files].map((file) => inFile(root, file)))).flat();
  if (found.length === 0) return [];
  const places = found.slice(0, shown).join(', ');
  const more = found.length > shown ? ` and ${found.length - shown} more` : '';
  return [
    `${count(found.length, 'comment')} in the files can hide findings, and nobody answers for them: ${places}${more}. Write them as waivers instead.`,
  ];
}

function rootOf(target: Scannable): string | undefined {
  if (target.kind === 'config' || target.kind === 'filesystem') return target.path;
  if (target.kind === 'repository' && target.at.startsWith('/')) return target.at;
  return undefined;
}

async function inFile(root: string, file: string): Promise<string[]> {
  const text = await start(join(root, file)).catch(() => start(root).catch(() => ''));
  return text
    .split('\n')
    .flatMap((line, at) =>
      [...line.matchAll(comment)].map(
        ([, rule = '']) => `${oneLine(file)}:${at + 1} (${oneLine(rule)})`,
      ),
    );
}

/** The beginning of a file; a target may be the file itself. */
async function start(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(largest) });
  return buffer.toString('utf8', 0, bytesRead);
}
