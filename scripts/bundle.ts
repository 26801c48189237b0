import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { actionNames, root } from './actions.ts';

/**
 * `@actions/core` carries a whole HTTP client (undici, 416 of its 425 KB) for `getIDToken` alone,
 * and loads it at every start. We ask for that token by our own client, so the import leads nowhere.
 */
const withoutHttpClient: Plugin = {
  name: 'without-http-client',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@actions\/http-client/ }, ({ path }) => ({ path, namespace: 'unused' }));
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: 'export class HttpClient {}; export class BearerCredentialHandler {};',
    }));
  },
};

/**
 * Bundles all actions into a folder: an entry an action (and one for its `post` step), and chunks
 * that they share. The result depends on the sources and the lockfile only.
 */
export async function bundle(outdir: string): Promise<void> {
  const entries = actionNames().flatMap((name) => {
    const source = join(root, 'actions', name, 'src');
    return [
      { out: name, in: join(source, 'index.ts') },
      ...(existsSync(join(source, 'post.ts'))
        ? [{ out: `${name}-post`, in: join(source, 'post.ts') }]
        : []),
    ];
  });
  await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    chunkNames: 'chunks/[name]-[hash]',
    // Names and lines stay, so that a person can read what runs; blanks do not.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    // CommonJS packages call `require`, which a module does not have.
    banner: {
      js: "import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);",
    },
    plugins: [withoutHttpClient],
    logLevel: 'warning',
  });
}
