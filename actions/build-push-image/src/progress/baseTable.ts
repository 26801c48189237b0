import { formatReference } from '../../../../shared/oci/Reference.ts';
import { blocks, code, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import { table } from '../../../../shared/report/table.ts';
import { ago } from './ago.ts';
import type { BaseFacts } from './baseFacts.ts';

/** The images on which a build rests, and what is to be said of each; `undefined` of none. */
export function baseTable(bases: readonly BaseFacts[], now: number): Markdown | undefined {
  if (bases.length === 0) return undefined;
  const rows = bases.map((base) => {
    const { registry, repository, tag } = base.written;
    const name = formatReference({ registry, repository, ...(tag !== undefined && { tag }) });
    const made = base.createdAt === undefined ? 'unknown' : ago(base.createdAt, now);
    return [code(name), code(base.digest ?? 'unknown'), md`${made}`, remark(base)];
  });
  const unpinned = bases.some(({ pinned }) => !pinned);
  return blocks(
    table([md`Base image`, md`Digest`, md`Made`, md``], rows),
    unpinned
      ? md`A base is pinned by its digest: ${code('FROM name:tag@digest')}. Without it another build may get another image.`
      : undefined,
  );
}

function remark({ digest, pinned, tagMeans }: BaseFacts): Markdown {
  if (!pinned) return md`⚠️ not pinned`;
  if (tagMeans === undefined || tagMeans === digest) return md`pinned`;
  return md`⚠️ its tag now means ${code(tagMeans)}`;
}
