/** How a registry reads role assignments, as ARM calls it (`roleAssignmentMode`). */
export type RoleAssignmentMode = 'LegacyRegistryPermissions' | 'AbacRepositoryPermissions';

/** What a role lets one do, and in which modes it counts: ABAC does not honour the old roles. */
const roles = {
  AcrPull: { mode: 'LegacyRegistryPermissions', actions: ['pull', 'metadata_read'] },
  AcrPush: {
    mode: 'LegacyRegistryPermissions',
    actions: ['pull', 'push', 'metadata_read', 'metadata_write'],
  },
  AcrDelete: { mode: 'LegacyRegistryPermissions', actions: ['delete'] },
  'Container Registry Repository Reader': {
    mode: 'AbacRepositoryPermissions',
    actions: ['pull', 'metadata_read'],
  },
  'Container Registry Repository Writer': {
    mode: 'AbacRepositoryPermissions',
    actions: ['pull', 'push', 'metadata_read', 'metadata_write'],
  },
  'Container Registry Repository Contributor': {
    mode: 'AbacRepositoryPermissions',
    actions: ['pull', 'push', 'metadata_read', 'metadata_write', 'delete'],
  },
} as const satisfies Record<string, { mode: RoleAssignmentMode; actions: readonly string[] }>;

export interface RoleAssignment {
  /** Object id or application id; `*` for everybody of the tenant. */
  readonly principal: string;
  readonly role: keyof typeof roles;
  /** The condition of an ABAC assignment: names that begin so. */
  readonly repositories?: string;
}

/** What an access token says (distribution, "Token Authentication Specification"). */
export interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/**
 * Reads `repository:team/app:pull,push`.
 *
 * @returns `undefined` when it is not a scope
 */
export function parseScope(scope: string): Access | undefined {
  const match = /^([a-z]+):([a-z0-9][a-z0-9._/:-]*):([a-z_*]+(?:,[a-z_*]+)*)$/.exec(scope);
  if (match === null) return undefined;
  const [, type = '', name = '', actions = ''] = match;
  return { type, name, actions: actions.split(',') };
}

/** The part of what was asked that the assignments grant; the rest is left out without a word. */
export function grant(
  asked: Access,
  principals: readonly string[],
  mode: RoleAssignmentMode,
  assignments: readonly RoleAssignment[],
): Access {
  if (asked.type !== 'repository') return { ...asked, actions: [] };
  const granted = new Set<string>(
    assignments
      .filter(({ principal }) => principal === '*' || principals.includes(principal))
      .filter(({ role }) => roles[role].mode === mode)
      .filter(({ repositories = '' }) => asked.name.startsWith(repositories))
      .flatMap(({ role }) => roles[role].actions),
  );
  return { ...asked, actions: asked.actions.filter((action) => granted.has(action)) };
}

/** Whether anything at all is assigned to one of them, counted in this mode or not. */
export function isKnown(
  principals: readonly string[],
  assignments: readonly RoleAssignment[],
): boolean {
  return assignments.some(({ principal }) => principal === '*' || principals.includes(principal));
}
