import { posix } from 'node:path';
import type { Entry } from '../../../../shared/context/listContext.ts';

/** Which of a context's paths a build can read: all, or what these sources lead to. */
export type Reach = 'all' | readonly string[];

/**
 * Keeps of the entries what the sources of COPY, ADD and bind mounts can reach. A pattern is taken
 * wider than it is, never narrower. A source that is reached through a link could be anywhere, so
 * that then everything counts.
 */
export function contextReach(entries: readonly Entry[], reach: Reach): readonly Entry[] {
  if (reach === 'all') return entries;
  const sources = reach.map(asNames);
  const leads = sources.map((names) => names.map(asExpression));
  const kept = new Set<Entry>();
  for (const entry of entries) {
    const names = entry.path.split('/');
    for (const source of leads) {
      const deep = source.indexOf('any depth');
      const depth = deep === -1 ? source.length : deep;
      const common = Math.min(depth, names.length);
      if (!source.slice(0, common).every((part, index) => fits(part, names[index]))) continue;
      // A folder on the way counts for its mode, which COPY --parents keeps.
      if (names.length < depth && entry.kind === 'file') continue;
      if (entry.kind === 'link' && (names.length <= depth || deep !== -1)) return entries;
      kept.add(entry);
    }
  }
  return entries.filter((entry) => kept.has(entry));
}

type Part = RegExp | 'any depth';

/** Cleaned as BuildKit does: from the context's root, out of which no `..` leads. */
function asNames(source: string): string[] {
  return posix.join('/', source).split('/').filter(Boolean);
}

function asExpression(name: string): Part {
  if (name.includes('**')) return 'any depth';
  if (/[[\]\\]/.test(name)) return /^/;
  const escaped = name.replace(/[.+()|{}$^]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.{1,2}')}$`, 's');
}

function fits(part: Part | undefined, name = ''): boolean {
  return part instanceof RegExp && part.test(name);
}
