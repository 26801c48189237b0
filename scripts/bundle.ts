import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type InputOptions, rolldown } from 'rolldown';
import { actionNames, root } from './actions.ts';
import { bundlePlugins } from './bundlePlugins.ts';
import { mergeChunks } from './mergeChunks.ts';

/** The entries: one an action, and one for its `post` step. */
export function entries(): Record<string, string> {
  return Object.fromEntries(
    actionNames().flatMap((name) => {
      const [main, post] = ['index.ts', 'post.ts'].map((file) =>
        join(root, 'actions', name, 'src', file),
      ) as [string, string];
      return [[name, main], ...(existsSync(post) ? [[`${name}-post`, post]] : [])];
    }),
  );
}

/**
 * Bundles all actions into a folder: their entries, and chunks that they share. The result depends on
 * the sources and the lockfile only, not on where the repository lies.
 *
 * By rolldown, since it can be told what goes into a chunk together (mergeChunks.ts), which esbuild cannot.
 * `npm run bench` measures both on the same entries without our plug-ins. In November 2026, on a busy
 * machine: esbuild 914 KB as tar.gz and 182 ms to the first input error, rolldown 870 KB and 170 ms, merged
 * 865 KB and 161 ms (medians of 75 starts in turns). With the plug-ins, esbuild to this: 435 to 409 KB;
 * build-push-image starts from 8 files instead of 32, and a build loads 35 instead of 63, 226 KB gzipped
 * instead of 246.
 */
export async function bundle(outdir: string): Promise<void> {
  const options: InputOptions = {
    cwd: root,
    input: entries(),
    platform: 'node',
    transform: { target: 'node24' },
    plugins: bundlePlugins(root),
    preserveEntrySignatures: false,
    logLevel: 'warn',
  };
  const codeSplitting = await mergeChunks(options);
  await using built = await rolldown(options);
  const { output } = await built.write({
    dir: outdir,
    format: 'esm',
    minify: true,
    comments: false,
    codeSplitting,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  const chunks = output.filter((part) => part.type === 'chunk');
  const named = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  const waiting = chunks.filter(({ imports }) => imports.some((name) => named.has(name)));
  if (waiting.length > 0) {
    const names = waiting.map(({ fileName }) => fileName).join(', ');
    throw new Error(`An entry waits for its story, and ${names} waits for the entry.`);
  }
}
