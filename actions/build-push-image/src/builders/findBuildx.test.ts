import { describe, expect, it } from '@jest/globals';
import { buildxEnvironment } from './findBuildx.ts';

describe('the environment of buildx', () => {
  it.each([
    'DOCKER_CONFIG',
    'BUILDX_BUILDER',
    'KUBECONFIG',
    'AWS_SECRET_ACCESS_KEY',
    'SSH_AUTH_SOCK',
    'SOURCE_DATE_EPOCH',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_RESULTS_URL',
    'HTTPS_PROXY',
  ])('has %s', (name) => {
    expect(buildxEnvironment({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  it.each(['INPUT_PASSWORD', 'GITHUB_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'ANYTHING'])(
    'has no %s',
    (name) => expect(buildxEnvironment({ [name]: 'x' })).toEqual({}),
  );
});
