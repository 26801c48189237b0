import { describe, expect, it } from '@jest/globals';
import { KubeProblem } from '../../../../shared/kube/KubeApi.ts';
import { quickenProbes } from './quickenProbes.ts';

const made = {
  metadata: { resourceVersion: '7' },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          { name: 'buildkitd', readinessProbe: { exec: {}, periodSeconds: 30 } },
          { name: 'sidecar' },
        ],
      },
    },
  },
};
const wanted = {
  metadata: { resourceVersion: '7' },
  spec: {
    replicas: 1,
    strategy: { type: 'Recreate' },
    template: {
      spec: {
        containers: [
          {
            name: 'buildkitd',
            readinessProbe: { exec: {}, initialDelaySeconds: 0, periodSeconds: 1 },
          },
          { name: 'sidecar' },
        ],
      },
    },
  },
};

/** Answers with these in turn, then with the deployment. */
function api(gets: number[], puts: number[] = []) {
  const written: unknown[] = [];
  const refuse = (codes: number[]) => {
    const code = codes.shift();
    if (code !== undefined) throw new KubeProblem(code, 'no');
  };
  return {
    written,
    async get<T>() {
      refuse(gets);
      return made as T;
    },
    async replace(_path: string, object: unknown) {
      refuse(puts);
      written.push(object);
    },
  };
}

describe('quickenProbes', () => {
  it.each([
    ['it is there', [], [], true],
    ['it comes later', [404, 404], [], true],
    ['its controller changes it too', [], [409], true],
    ['it may not be changed', [], [403], false],
    ['it may not be read', [403], [], false],
  ])('%s', async (_name, gets, puts, changed) => {
    const server = api(gets, puts);
    const signal = new AbortController().signal;
    expect(await quickenProbes(server, 'a', 'b', signal)).toBe(changed);
    expect(server.written).toEqual(changed ? [wanted] : []);
  });

  it('stops when buildx has ended', async () => {
    const server = api(Array(1000).fill(404));
    expect(await quickenProbes(server, 'a', 'b', AbortSignal.timeout(50))).toBe(false);
  });
});
