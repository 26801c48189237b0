import { describe, expect, it } from '@jest/globals';
import { digestOf, workspace } from './workspace.ts';

describe('a build that fails', () => {
  it.each<[string, Record<string, string>, Record<string, string>, RegExp, number | undefined]>([
    [
      'a RUN step',
      { Dockerfile: 'FROM busybox:1.36\nRUN echo "no such table: users" >&2 && exit 4\n' },
      {},
      /^The build stopped at `RUN echo .*`, which ended with exit code 4/,
      2,
    ],
    [
      'a base image that is not there',
      { Dockerfile: 'FROM nothing-here:1\n' },
      {},
      /library\/nothing-here:1 .* does not exist/,
      1,
    ],
    [
      'a file that is not there',
      { Dockerfile: 'FROM busybox:1.36\n\nCOPY x.txt /\n' },
      {},
      /^\/x\.txt is not in the build context/,
      3,
    ],
    [
      'a wrong instruction',
      { Dockerfile: 'FROM busybox:1.36\nFOO\n' },
      {},
      /The Dockerfile is wrong: unknown instruction: FOO/,
      2,
    ],
    [
      'a registry that is not there',
      { Dockerfile: 'FROM busybox:1.36\n' },
      { image: '127.0.0.1:19999/web', 'push-timeout': '1s' },
      /did not succeed in the time that there was\. .*nothing listens there/i,
      undefined,
    ],
    [
      'a builder that is not there',
      { Dockerfile: 'FROM busybox:1.36\n' },
      { builder: 'nosuch' },
      /There is no builder nosuch/,
      undefined,
    ],
    [
      'a BuildKit that is not there',
      { Dockerfile: 'FROM busybox:1.36\n' },
      { builder: 'unix:///nowhere/buildkitd.sock' },
      /^The builder unix:\/\/\/nowhere\/buildkitd\.sock does not answer\. There is no such socket/,
      undefined,
    ],
  ])(
    '%s: the cause comes first, on its line',
    async (_name, files, inputs, cause, line) => {
      using space = workspace(files);
      const step = await space.build({ inputs });
      expect(step.exitCode).toBe(1);
      const [first] = step.annotations;
      expect(first?.message).toMatch(cause);
      expect(first?.properties).toEqual(
        line === undefined ? {} : { file: 'Dockerfile', line: String(line) },
      );
      expect(step.outputs).toEqual({});
      expect(await digestOf(space.image, 'main')).toBeUndefined();
    },
    60_000,
  );

  it('whose Dockerfile was only to be checked: each warning is on its line', async () => {
    using space = workspace({
      Dockerfile: 'FROM scratch as a\nMAINTAINER me\nCOPY Dockerfile /\n',
    });
    const step = await space.build({ inputs: { call: 'check' } });
    expect(step.exitCode).toBe(1);
    const told = step.annotations.map(({ level, properties: { line = 'none' } }) => [level, line]);
    expect(told).toEqual([
      ['warning', '1'],
      ['warning', '2'],
      ['error', 'none'],
    ]);
    expect(step.annotations.at(-1)?.message).toContain(
      'The checks of the Dockerfile have 2 warnings.',
    );
    expect(await digestOf(space.image, 'main')).toBeUndefined();
  }, 60_000);

  it('by checks that find nothing, or by another question, is none', async () => {
    using space = workspace({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
    for (const call of ['check', 'outline']) {
      const step = await space.build({ inputs: { call } });
      expect(step).toMatchObject({ exitCode: 0, annotations: [] });
      expect(step.log).toContain('The Dockerfile was asked; nothing was built.');
    }
    expect(await digestOf(space.image, 'main')).toBeUndefined();
  }, 60_000);

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s stops the builder, and nothing is pushed',
    async (signal, code) => {
      using space = workspace({
        Dockerfile: `FROM busybox:1.36\nRUN sleep 300 # ${Math.random()}\n`,
      });
      let sentAt = 0;
      const step = await space.build({
        onOutput: (text, child) => {
          if (sentAt !== 0 || !text.includes('RUN sleep 300')) return;
          sentAt = performance.now();
          child.kill(signal);
        },
      });
      expect(step.exitCode).toBe(code);
      expect(performance.now() - sentAt).toBeLessThan(7000);
      expect(step.annotations.at(0)?.message).toContain(`The job was cancelled (${signal}).`);
      expect(await digestOf(space.image, 'main')).toBeUndefined();
    },
    60_000,
  );
});
