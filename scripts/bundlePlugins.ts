import { join } from 'node:path';
import type { Plugin } from 'rolldown';

/** Begins the names of modules that stand for others; no file is called so. */
const made = '\0made:';

/**
 * Modules that are not loaded as they are. Each is named by its import, so that nothing in a bundle
 * depends on where the repository lies.
 */
const replaced: Readonly<Record<string, string>> = {
  // `@actions/core` carries a whole HTTP client (undici, 416 of its 425 KB) for `getIDToken` alone, and
  // loads it at every start. We ask for that token by our own client.
  '@actions/http-client': 'export class HttpClient {}',
  '@actions/http-client/lib/auth': 'export class BearerCredentialHandler {}',
  // What the Kubernetes client's reader of kubeconfigs brings twice, or for what no runner has: undici
  // alone is a quarter of what a deploy would load.
  'js-yaml':
    "export { parse as load, stringify as dump } from 'yaml'; export const loadAll = undefined;",
  undici: 'export class Agent {}; export class ProxyAgent {}; export const fetch = undefined;',
  socks: 'export class SocksClient {}',
  'socks-proxy-agent':
    "export class SocksProxyAgent { constructor() { throw new Error('A SOCKS proxy in a kubeconfig is not supported; use an HTTP proxy.'); } }",
};

function withReplaced(root: string): Plugin {
  return {
    name: 'with-replaced',
    resolveId(source, importer) {
      if (Object.hasOwn(replaced, source)) {
        return { id: `${made}${source}`, moduleSideEffects: false };
      }
      // What a made module imports is a package of ours.
      return importer?.startsWith(made) ? this.resolve(source, join(root, 'package.json')) : null;
    },
    load(id) {
      return id.startsWith(made) ? (replaced[id.slice(made.length)] ?? null) : null;
    },
  };
}

const slim = /\/client-node\/dist\/gen\/slim\.js$/;

/**
 * The Kubernetes client loads all generated API classes and models (1.3 MB), and what copies files and
 * attaches to pods, whatever is used of it. None of its modules does anything by being loaded, so what
 * nobody calls is left out; its reader of kubeconfigs gets the two generated names that it uses.
 */
const onlyUsedOfClient: Plugin = {
  name: 'only-used-of-client',
  async resolveId(source, importer = '', options) {
    const inside = importer.includes('/client-node/dist/');
    if (!inside && source !== '@kubernetes/client-node') return null;
    if (importer.endsWith('/client-node/dist/config.js') && source === './gen/index.js') {
      return { id: join(importer, '../gen/slim.js'), moduleSideEffects: false };
    }
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found && { ...found, moduleSideEffects: false };
  },
  load: {
    filter: { id: slim },
    handler: () =>
      "export { createConfiguration } from './configuration.js'; export { ServerConfiguration } from './servers.js';",
  },
};

const servers = /^(?:node:)?https?$/;

/**
 * Who imports `node:http` as a module reads all that it offers at once, and with that its WebSocket, for which
 * Node loads a second HTTP client (undici): some 30 ms of each step that asks a server. Asked for by a call,
 * it gives the same object, and loads what is used of it.
 */
const serversByCall: Plugin = {
  name: 'servers-by-call',
  resolveId: {
    filter: { id: servers },
    handler: (source) => `${made}node:${source.replace('node:', '')}`,
  },
  load(id) {
    const name = id.startsWith(made) ? id.slice(made.length) : '';
    if (!name.startsWith('node:')) return null;
    return `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`;
  },
};

/** What keeps out of a bundle, and out of what it loads, what no action uses. */
export function bundlePlugins(root: string): Plugin[] {
  return [serversByCall, withReplaced(root), onlyUsedOfClient];
}
