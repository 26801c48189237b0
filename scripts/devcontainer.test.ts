import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packages } from '../test/lab/debian.ts';
import { root } from './actions.ts';

const read = (file: string) => readFileSync(join(root, '.devcontainer', file), 'utf8');

describe('the dev container', () => {
  it.each(Object.keys(packages))('has the package %s that the lab installs', (name) => {
    expect(read('Dockerfile')).toMatch(new RegExp(`\\s${name}\\s`));
  });

  it('is privileged and root, as the lab wants', () => {
    expect(JSON.parse(read('devcontainer.json'))).toMatchObject({
      remoteUser: 'root',
      runArgs: expect.arrayContaining(['--privileged']),
    });
  });
});
