import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RbacAuthorizationV1Api, type RbacV1Subject, type V1Role } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { root } from '../../../scripts/actions.ts';
import { config } from './cluster.ts';

const rbac = config.makeApiClient(RbacAuthorizationV1Api);

/** Gives somebody the Role that the README tells to be enough, in a namespace, and nothing else. */
export async function giveLeastRole(namespace: string, subject: RbacV1Subject): Promise<void> {
  const readme = readFileSync(join(root, 'actions/helm-deploy/README.md'), 'utf8');
  const [, text = ''] = /<!-- role -->\s*```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const body = parse(text) as V1Role;
  await rbac.createNamespacedRole({
    namespace,
    body: { ...body, metadata: { name: 'deployer', namespace } },
  });
  await rbac.createNamespacedRoleBinding({
    namespace,
    body: {
      metadata: { name: 'deployer' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deployer' },
      subjects: [subject],
    },
  });
}

/** As Kubernetes names a user. */
export function user(name: string): RbacV1Subject {
  return { kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' };
}
