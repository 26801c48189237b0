/** All inputs of action.yml; a test compares them. */
export const inputNames: readonly string[] = [
  ...['image', 'images', 'tags', 'flavor', 'labels', 'annotations'],
  ...['context', 'file', 'target', 'platforms', 'build-args', 'secret-build-args'],
  ...['build-contexts', 'secrets', 'secret-envs', 'secret-files', 'ssh', 'no-cache'],
  ...['no-cache-filters', 'pull', 'add-hosts', 'allow', 'call', 'cgroup-parent', 'network'],
  ...['shm-size', 'ulimit', 'push', 'push-timeout', 'load', 'outputs', 'provenance', 'sbom'],
  ...['attests', 'azure-client-id', 'azure-tenant-id', 'azure-client-secret'],
  ...['azure-managed-identity', 'azure-cloud', 'username', 'password', 'github-token'],
  ...['skip-unchanged', 'max-age', 'cache', 'cache-from', 'cache-to', 'cache-mounts'],
  ...['cache-mounts-limit', 'cache-signing', 'cache-signing-key', 'cache-signing-public-keys'],
  ...['fulcio-url', 'timestamp-url', 'trusted-root', 'builder', 'free-disk'],
  ...['bake-file', 'bake-targets', 'bake-set', 'merge', 'promote', 'acr-import'],
  ...['retention', 'retention-days', 'keep'],
];

/** What the runner fills in when nothing is given; `undefined` where that is another text in each job. */
export const defaults: ReadonlyMap<string, string | undefined> = new Map(
  Object.entries({
    ...{ context: '.', 'secret-build-args': 'refuse', 'no-cache': 'false', pull: 'false' },
    ...{ 'push-timeout': '5m', load: 'false', 'github-token': undefined },
    ...{ 'skip-unchanged': 'true', 'max-age': '7d', 'cache-mounts': 'off' },
    ...{ 'cache-mounts-limit': '2GB', 'cache-signing': 'off', 'free-disk': 'false' },
    ...{ merge: 'off', promote: 'off', 'retention-days': '30d' },
  }),
);
