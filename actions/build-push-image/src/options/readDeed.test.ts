import { describe, expect, it } from '@jest/globals';
import { readAction } from '../../../../scripts/actions.ts';
import { InputReader } from '../../../../shared/action/InputReader.ts';
import { parseReference } from '../../../../shared/oci/Reference.ts';
import { defaults, inputNames } from './inputNames.ts';
import { type Deed, readDeed } from './readDeed.ts';
import { readMerge } from './readMerge.ts';
import { pinned } from './readPinned.ts';
import { warnIdleInputs } from './warnIdleInputs.ts';

function readerOf(inputs: Record<string, string>): InputReader {
  const variables = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  return new InputReader(Object.fromEntries(variables), () => {});
}

const digest = `sha256:${'a'.repeat(64)}`;

describe('readDeed', () => {
  it.each<[Record<string, string>, Deed]>([
    [{}, 'build'],
    [{ image: 'r.io/web', retention: '', 'bake-file': '' }, 'build'],
    [{ image: 'r.io/web', merge: 'off', promote: 'off' }, 'build'],
    [{ 'bake-file': 'docker-bake.hcl' }, 'bake'],
    [{ merge: digest }, 'merge'],
    [{ promote: `r.io/web@${digest}` }, 'promote'],
    [{ retention: 'plan' }, 'retention'],
  ])('%j: %s', (inputs, deed) => {
    expect(readDeed(readerOf(inputs))).toBe(deed);
  });

  it.each<[Record<string, string>, string]>([
    [{ merge: '\n\n' }, 'Input merge is empty. The expressions in it gave nothing.'],
    [{ merge: '' }, 'Input merge is empty.'],
    [{ promote: '' }, 'Input promote is empty.'],
    [{ promote: '', merge: 'off' }, 'Where nothing is meant, write `off`.'],
    [{ retention: ' ' }, 'Input retention is empty.'],
  ])('%j is not a build: expressions gave nothing', (inputs, said) => {
    expect(() => readDeed(readerOf(inputs))).toThrow(said);
  });

  it('takes one only', () => {
    expect(() => readDeed(readerOf({ merge: 'x', 'bake-file': 'y' }))).toThrow(
      'Inputs bake-file and merge are given together, and a step does one of them.',
    );
  });
});

describe('merge', () => {
  const named = { name: parseReference('r.io/web'), images: [], metadata: { tags: [] } } as never;
  const read = async (merge: string) => {
    const reader = readerOf({ merge, tags: 'r.io/web:1' });
    const { digests } = await readMerge(reader, named, { env: {} } as never);
    let problems: unknown[] = [];
    try {
      reader.finish();
    } catch (error) {
      problems = (error as AggregateError).errors;
    }
    return { digests, problems: String(problems) };
  };

  const other = `sha256:${'b'.repeat(64)}`;

  it.each([`${digest}`, `${digest}\n`, `${digest}\n${other}\n`, `# amd64\r\n${digest}\r\n`])(
    '%j',
    async (merge) => {
      expect((await read(merge)).problems).toBe('');
    },
  );

  it.each([
    [`\n${digest}\n`, 'line 1 is empty, where the digest of a job should be'],
    [`${digest}\n\n`, 'line 2 is empty, where the digest of a job should be'],
    [`${digest}\n \n${digest}`, 'line 2 is empty, where the digest of a job should be'],
    [`${digest}\nr.io/web@${digest}`, `${digest} is given twice`],
  ])('%j would be without a platform', async (merge, said) => {
    expect((await read(merge)).problems).toContain(`Input merge: ${said}`);
  });
});

describe('the names of inputs', () => {
  const { inputs = {} } = readAction('build-push-image');

  it('are those of action.yml', () => {
    expect(inputNames.toSorted()).toEqual(Object.keys(inputs).sort());
  });

  it('have their defaults there', () => {
    const there = Object.entries(inputs).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, /\{\{/.test(String(value)) ? undefined : String(value)]],
    );
    expect(Object.fromEntries(defaults)).toEqual(Object.fromEntries(there));
  });

  it('are told where they mean nothing, unless the runner filled them in', () => {
    const filled = { context: '.', load: 'false', 'github-token': 'ghs_x' };
    const reader = readerOf({ ...filled, merge: digest, sbom: 'true', 'no-cache': 'true' });
    const said: string[] = [];
    const deed = readDeed(reader);
    warnIdleInputs(reader, deed, { warning: (text) => said.push(text) });
    expect(said).toEqual([
      'Input no-cache has no effect beside merge.',
      'Input sbom has no effect beside merge.',
    ]);
  });
});

describe('pinned', () => {
  const web = parseReference('r.io/web');

  it.each([
    [digest, web],
    [`r.io/web@${digest}`, undefined],
    [`r.io/web:1.4.2@${digest}`, undefined],
  ])('%s', (entry, of) => {
    expect(pinned(of)(entry)).toEqual({ ...web, digest });
  });

  it.each([
    ['r.io/web:1', web, '"r.io/web:1" has no digest'],
    [digest, undefined, 'is of no image, since `image` was not given'],
    ['sha256:abc', web, '"sha256:abc": "sha256:abc" is not a digest'],
    [`r.io/Web@${digest}`, web, 'it has to be in lower case'],
  ])('%s is refused', (entry, of, said) => {
    expect(() => pinned(of)(entry)).toThrow(said);
  });
});
