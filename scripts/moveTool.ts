import type { Archive, LockedTool } from '../shared/tools/lock.ts';

/** What moving a version touches; a test gives its own. */
export interface MoveEffects {
  /** The archive's sha256, hexadecimal, of the bytes that really came. */
  readonly sum: (url: string) => Promise<string>;
  /** The text at an address, or `undefined` when there is none. */
  readonly text: (url: string) => Promise<string | undefined>;
}

/** Where publishers put the sums of an archive: beside it, or in one file of the release. */
function checksumFiles(url: string): string[] {
  const folder = url.slice(0, url.lastIndexOf('/'));
  const names = ['checksums.txt', 'SHA256SUMS', 'sha256sums.txt'];
  const [, tool, version] = /\/([^/_]+)_(\d[^_]*)_[^/]*$/.exec(url) ?? [];
  return [
    `${url}.sha256sum`,
    `${url}.sha256`,
    ...(tool === undefined ? [] : [`${folder}/${tool}_${version}_checksums.txt`]),
    ...names.map((name) => `${folder}/${name}`),
  ];
}

/**
 * Moves a program of tools.lock.json to another version: each archive is downloaded and its sum
 * computed here, and has to be the one that the publisher tells.
 *
 * @throws {Error} that names the archive, when it cannot be had or the sums differ
 */
export async function moveTool(
  tool: LockedTool,
  version: string,
  effects: MoveEffects,
): Promise<LockedTool> {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`${JSON.stringify(version)} is not an exact version. Write it as 1.4.2.`);
  }
  const archives: Record<string, Archive> = {};
  for (const [machine, archive] of Object.entries(tool.archives)) {
    const url = archive.url.replaceAll(tool.version, version);
    const sha256 = await effects.sum(url);
    const told = await publishedSum(url, effects);
    if (told !== undefined && told !== sha256) {
      throw new Error(`${url}: its sha256 is ${sha256}, and the publisher says ${told}.`);
    }
    archives[machine] = { ...archive, url, sha256 };
  }
  const go = tool.go && {
    ...tool.go,
    ...(tool.go.ldflags && { ldflags: tool.go.ldflags.replaceAll(tool.version, version) }),
  };
  return { ...tool, version, archives, ...(go && { go }) };
}

async function publishedSum(url: string, { text }: MoveEffects): Promise<string | undefined> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  for (const address of checksumFiles(url)) {
    const line = (await text(address))
      ?.split('\n')
      .find((candidate) => candidate.includes(name) || /^[0-9a-f]{64}\s*$/.test(candidate));
    const found = /\b[0-9a-f]{64}\b/.exec(line ?? '')?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
