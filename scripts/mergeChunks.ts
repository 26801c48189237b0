import { type CodeSplittingOptions, type InputOptions, type OutputChunk, rolldown } from 'rolldown';

/**
 * Which modules go into a chunk together: those that the same entries load at their start, and the same
 * others perhaps later. A bundler by itself makes a chunk for each set of entries and dynamic imports,
 * which is 32 files for the start of build-push-image alone, and each file costs time.
 *
 * Found in a bundle that is not written: only there is known which imports are left.
 */
export async function mergeChunks(options: InputOptions): Promise<CodeSplittingOptions> {
  await using bundle = await rolldown({ ...options, logLevel: 'silent' });
  const { output } = await bundle.generate({ format: 'esm' });
  const groups = groupOf(output.filter((part) => part.type === 'chunk'));
  return {
    // A module's imports are loaded by whatever loads the module, so that no two chunks import each other.
    includeDependenciesRecursively: false,
    groups: [{ debugName: 'loaded at a start', name: (id) => groups.get(id) }],
  };
}

type Chunk = Pick<
  OutputChunk,
  'fileName' | 'imports' | 'dynamicImports' | 'moduleIds' | 'isEntry' | 'facadeModuleId'
>;

/** The name of the chunk for each module that is loaded at an entry's start. */
export function groupOf(chunks: readonly Chunk[]): Map<string, string> {
  const entries = chunks.filter(({ isEntry }) => isEntry);
  const atStart = entries.map((entry) => reach(entry, chunks, ({ imports }) => imports));
  const ever = entries.map((entry) =>
    reach(entry, chunks, ({ imports, dynamicImports }) => [...imports, ...dynamicImports]),
  );
  const groups = new Map<string, string[]>();
  for (const chunk of chunks) {
    if (!atStart.some((loaded) => loaded.has(chunk))) continue;
    const key = entries
      .map((_, index) => (atStart[index]?.has(chunk) ? 's' : ever[index]?.has(chunk) ? 'l' : '-'))
      .join('');
    // An entry waits for its story, and what the story imports on its way may not wait for the entry.
    const modules = chunk.moduleIds.filter((id) => !(chunk.isEntry && id === chunk.facadeModuleId));
    groups.set(key, [...(groups.get(key) ?? []), ...modules]);
  }
  return new Map(
    [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, modules], index) => modules.map((id) => [id, `start-${index}`] as const)),
  );
}

function reach(
  from: Chunk,
  chunks: readonly Chunk[],
  next: (chunk: Chunk) => readonly string[],
): Set<Chunk> {
  const found = new Set([from]);
  for (const chunk of found) {
    for (const name of next(chunk)) {
      const imported = chunks.find(({ fileName }) => fileName === name);
      if (imported !== undefined) found.add(imported);
    }
  }
  return found;
}
