import { describe, expect, it } from '@jest/globals';
import { grant, parseScope, type RoleAssignment, type RoleAssignmentMode } from './permissions.ts';

describe('a scope', () => {
  const cases: Record<string, ReturnType<typeof parseScope>> = {
    'repository:team/app:pull,push': {
      type: 'repository',
      name: 'team/app',
      actions: ['pull', 'push'],
    },
    'repository:localhost:5000/app:pull': {
      type: 'repository',
      name: 'localhost:5000/app',
      actions: ['pull'],
    },
    'registry:catalog:*': { type: 'registry', name: 'catalog', actions: ['*'] },
    'repository:team/app': undefined,
    'repository:team/app:': undefined,
    'repository:Team/app:pull': undefined,
    'team/app:pull,push': undefined,
    '': undefined,
  };
  it.each(Object.entries(cases))('%j', (scope, expected) => {
    expect(parseScope(scope)).toEqual(expected);
  });
});

describe('what is granted', () => {
  const legacy = 'LegacyRegistryPermissions';
  const abac = 'AbacRepositoryPermissions';
  const writer = 'Container Registry Repository Writer';
  const cases: [string, RoleAssignmentMode, RoleAssignment[], string[]][] = [
    ['no assignment', legacy, [], []],
    ['AcrPull', legacy, [{ principal: 'oid', role: 'AcrPull' }], ['pull']],
    ['AcrPush', legacy, [{ principal: 'oid', role: 'AcrPush' }], ['pull', 'push']],
    [
      'AcrPush of an application',
      legacy,
      [{ principal: 'app', role: 'AcrPush' }],
      ['pull', 'push'],
    ],
    ['AcrPush of everybody', legacy, [{ principal: '*', role: 'AcrPush' }], ['pull', 'push']],
    ['AcrPush of another', legacy, [{ principal: 'other', role: 'AcrPush' }], []],
    ['AcrPush in ABAC mode', abac, [{ principal: 'oid', role: 'AcrPush' }], []],
    [
      'Repository Writer in ABAC mode',
      abac,
      [{ principal: 'oid', role: writer }],
      ['pull', 'push'],
    ],
    ['Repository Writer without ABAC', legacy, [{ principal: 'oid', role: writer }], []],
    [
      'Repository Writer of this team',
      abac,
      [{ principal: 'oid', role: writer, repositories: 'team/' }],
      ['pull', 'push'],
    ],
    [
      'Repository Writer of another team',
      abac,
      [{ principal: 'oid', role: writer, repositories: 'other/' }],
      [],
    ],
    [
      'two roles',
      legacy,
      [
        { principal: 'oid', role: 'AcrPull' },
        { principal: 'app', role: 'AcrDelete' },
      ],
      ['pull', 'delete'],
    ],
  ];
  it.each(cases)('%s', (_, mode, assignments, actions) => {
    const asked = { type: 'repository', name: 'team/app', actions: ['pull', 'push', 'delete'] };
    expect(grant(asked, ['oid', 'app'], mode, assignments)).toEqual({ ...asked, actions });
  });

  it('nothing but repositories', () => {
    const asked = { type: 'registry', name: 'catalog', actions: ['*'] };
    expect(grant(asked, ['oid'], legacy, [{ principal: '*', role: 'AcrPush' }]).actions).toEqual(
      [],
    );
  });
});
