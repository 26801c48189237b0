import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
 * The Kubernetes client loads all generated API classes and models (1.3 MB), and what copies files and
 * attaches to pods, whatever is used of it. None of its modules does anything by being loaded, so what
 * nobody calls is left out; its reader of kubeconfigs gets the two generated names that it uses.
 */
const onlyUsedOfClient: Plugin = {
  name: 'only-used-of-client',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /.*/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      const inside = importer.includes('/client-node/dist/');
      if (pluginData === 'resolved' || !(inside || path === '@kubernetes/client-node')) return;
      if (importer.endsWith('/client-node/dist/config.js') && path === './gen/index.js') {
        return { path: join(resolveDir, 'gen/slim.js'), namespace: 'slim' };
      }
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: 'resolved' });
      return { ...found, sideEffects: false };
    });
    onLoad({ filter: /.*/, namespace: 'slim' }, ({ path }) => ({
      contents: `export { createConfiguration } from './configuration.js'; export { ServerConfiguration } from './servers.js';`,
      resolveDir: dirname(path),
    }));
  },
};

/**
 * What the client's reader of kubeconfigs brings twice, or for what no runner has: undici alone is a
 * quarter of what a deploy would load.
 */
const replaced: Readonly<Record<string, string>> = {
  'js-yaml': "export { parse as load, stringify as dump } from 'yaml';",
  undici: 'export class Agent {}; export class ProxyAgent {}; export const fetch = undefined;',
  socks: 'export class SocksClient {}',
  'socks-proxy-agent':
    "export class SocksProxyAgent { constructor() { throw new Error('A SOCKS proxy in a kubeconfig is not supported; use an HTTP proxy.'); } }",
};
const withoutDoubles: Plugin = {
  name: 'without-doubles',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(js-yaml|undici|socks|socks-proxy-agent)$/ }, ({ path }) => ({
      path,
      namespace: 'replaced',
    }));
    onLoad({ filter: /.*/, namespace: 'replaced' }, ({ path }) => ({
      contents: replaced[path] ?? '',
      resolveDir: root,
    }));
  },
};

/**
 * Bundles all actions into a folder: an entry an action (and one for its `post` step), and chunks
 * that they share. The result depends on the sources and the lockfile only.
 *
 * By esbuild: `npm run bench` measures it beside rolldown on the same entries. In November 2026 rolldown's
 * bundle was 4 % smaller (217 to 227 KB as tar.gz, with these plug-ins) and started as fast (medians of 75
 * starts: 64 ms both), which is too little a gain to change for.
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
    minify: true,
    legalComments: 'none',
    // CommonJS packages call `require`, which a module does not have.
    banner: {
      js: "import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);",
    },
    plugins: [withoutHttpClient, withoutDoubles, onlyUsedOfClient],
    logLevel: 'warning',
  });
}
