import { describe, expect, it } from '@jest/globals';
import { startAction } from '../startAction.ts';
import { workspace } from './workspace.ts';

const files = { Dockerfile: 'FROM scratch\n', 'a/b.txt': '' };

describe('each wrong input is one annotation with its name, what was given, and the remedy', () => {
  it.each<[Record<string, string>, string[]]>([
    [
      { image: '' },
      [
        'Input image is required and was not given. Add `image:` under `with:`, or whole references under `tags:`.',
      ],
    ],
    [
      { image: 'acme.azurecr.io/Web' },
      [
        'Input image: is not an image\'s name: "Web" is not a repository\'s path; it has to be in lower case (given: "acme.azurecr.io/Web"). Write it as `registry/path`',
      ],
    ],
    [{ image: 'r.io/web:1' }, ['Input image: has a tag or a digest (given: "r.io/web:1").']],
    [{ context: 'nowhere' }, ['Input context: is not there (given: "nowhere").']],
    [{ context: 'Dockerfile' }, ['Input context: is not a folder (given: "Dockerfile").']],
    [{ context: 'a' }, ['Input context: there is no Dockerfile in ']],
    [{ file: 'b.Dockerfile' }, ['Input file: is not a file (given: "b.Dockerfile").']],
    [
      { tags: 'a b' },
      ['Input tags: line "a b": it is neither a tag nor a reference (given: "a b").'],
    ],
    [{ tags: 'r.io/web' }, ['line "r.io/web": it is a reference without a tag, or with a digest']],
    [{ tags: 'feature/x' }, ['line "feature/x": it is a reference without a tag']],
    [{ tags: 'type=smver' }, ['Input tags: line "type=smver": ']],
    [
      { 'build-args': 'NAME' },
      ['Input build-args: "NAME" is not NAME=value, and no variable of the step. Write one'],
    ],
    [{ 'build-args': 'NPM_TOKEN=x' }, ['Input build-args: NPM_TOKEN should be a secret: ']],
    [{ push: 'true', load: 'true' }, ['Inputs push and load are both true.']],
    [{ 'max-age': 'a week' }, ['Input max-age: is not a duration (given: "a week").']],
    [{ push: 'yes' }, ['Input push: is not a boolean (given: "yes"). Write `true` or `false`.']],
    [
      { image: 'X', push: 'no', context: 'nowhere' },
      ['Input image', 'Input context', 'Input push'],
    ],
  ])('%j', async (inputs, said) => {
    using space = workspace(files);
    const step = await startAction('build-push-image', {
      workspace: space.folder,
      inputs: { image: space.image, builder: 'unix:///never/used', ...inputs },
    });
    expect(step.exitCode).toBe(1);
    expect(step.annotations).toMatchObject(
      said.map((text) => ({ level: 'error', message: expect.stringContaining(text) })),
    );
    expect(step.outputs).toEqual({});
  });

  it('a key that no input has is told with the one that was meant', async () => {
    const step = await startAction('build-push-image', {
      inputs: { image: 'X', 'biuld-args': 'A=1' },
    });
    expect(step.annotations[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('Did you mean build-args?'),
    });
  });
});
