import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { InputReader } from '../../../../shared/action/InputReader.ts';
import { attestArguments, attestation } from './attestations.ts';
import { parseLines, parseList } from './parseList.ts';
import { passedOnArguments, readPassedOn } from './readPassedOn.ts';
import { readSecrets, secretArguments } from './readSecrets.ts';
import { secretsAmong } from './refuseSecrets.ts';

const variables = (inputs: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );

describe('parseList', () => {
  it.each<[string, boolean, string[]]>([
    ['a', true, ['a']],
    ['a,b\nc', true, ['a', 'b', 'c']],
    ['a,b\nc', false, ['a,b', 'c']],
    ['  a  \n\n # no entry\n b ', false, ['a', 'b']],
    ['type=gha,mode=max', false, ['type=gha,mode=max']],
    ['"KEY=one\ntwo"\nB=2', false, ['KEY=one\ntwo', 'B=2']],
    ['"a,b",c', true, ['a,b', 'c']],
    ['A=#1', false, ['A=#1']],
    ['A=Hello, world , \nB=a ,b', false, ['A=Hello, world ,', 'B=a ,b']],
    ['A= x\n"B=1, 2"', false, ['A= x', 'B=1, 2']],
    ['A=say ""hi""', false, ['A=say ""hi""']],
    ['', true, []],
  ])('%j', async (text, commas, expected) => {
    expect(await parseList(text, commas)).toEqual(expected);
  });

  it('keeps quotes where buildx reads CSV itself', () => {
    expect(parseLines('type=local,dest="a,b"\n')).toEqual(['type=local,dest="a,b"']);
  });

  it('says when a quote is not closed', async () => {
    await expect(parseList('"a\nb', false)).rejects.toThrow('has a quote that is not closed');
  });
});

describe('what is passed on', () => {
  it.each<[string, string, string[]]>([
    ['add-hosts', 'a:10.0.0.1,b=::1', ['--add-host', 'a:10.0.0.1', '--add-host', 'b=::1']],
    [
      'allow',
      'network.host,security.insecure',
      ['--allow', 'network.host', '--allow', 'security.insecure'],
    ],
    [
      'build-contexts',
      'base=docker-image://r.io/base@sha256:1',
      ['--build-context', 'base=docker-image://r.io/base@sha256:1'],
    ],
    [
      'cache-from',
      'type=gha\nr.io/web:cache',
      ['--cache-from', 'type=gha', '--cache-from', 'r.io/web:cache'],
    ],
    ['cache-to', 'type=gha,mode=max', ['--cache-to', 'type=gha,mode=max']],
    ['call', 'check', ['--call', 'check']],
    ['cgroup-parent', 'ci', ['--cgroup-parent', 'ci']],
    ['network', 'host', ['--network', 'host']],
    ['no-cache', 'true', ['--no-cache']],
    ['no-cache', 'false', []],
    ['no-cache-filters', 'a,b', ['--no-cache-filter', 'a', '--no-cache-filter', 'b']],
    ['pull', 'true', ['--pull']],
    ['shm-size', '2g', ['--shm-size', '2g']],
    ['ssh', 'default', ['--ssh', 'default']],
    ['target', 'prod', ['--target', 'prod']],
    [
      'ulimit',
      'nofile=1024:1024\nnproc=3',
      ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=3'],
    ],
  ])('%s: %j', async (name, text, args) => {
    const reader = new InputReader(variables({ [name]: text }), () => {});
    const values = await readPassedOn(reader, {});
    reader.finish();
    expect(passedOnArguments(values)).toEqual(args);
  });

  it.each([
    ['add-hosts', 'a', 'Input add-hosts: "a" cannot be read (given: "a"). Write `host:address`.'],
    ['cache-to', 'type', undefined],
    ['cache-to', 'a b', 'Input cache-to: "a b" cannot be read'],
    ['build-contexts', 'base', 'Input build-contexts: "base" cannot be read'],
    ['ulimit', 'nofile', 'Input ulimit: "nofile" cannot be read'],
    ['shm-size', 'big', 'Input shm-size: "big" cannot be read'],
    ['pull', 'always', 'Input pull: is not a boolean'],
  ])('%s: %j is refused', async (name, text, said) => {
    const reader = new InputReader(variables({ [name]: text }), () => {});
    await readPassedOn(reader, {});
    if (said === undefined) return expect(() => reader.finish()).not.toThrow();
    let errors: unknown[] = [];
    try {
      reader.finish();
    } catch (error) {
      errors = (error as AggregateError).errors;
    }
    expect(String(errors)).toContain(said);
  });
});

describe('attestations', () => {
  const none = { provenance: undefined, sbom: undefined, attests: [] };
  const here = { visibility: 'private', builderId: 'https://g.io/r/1', plainImage: false } as const;
  it.each<[string, object, object, string[]]>([
    [
      'the default, private',
      {},
      {},
      ['type=provenance,mode=min,inline-only=true,builder-id=https://g.io/r/1'],
    ],
    [
      'the default, public',
      {},
      { visibility: 'public' },
      ['type=provenance,mode=max,builder-id=https://g.io/r/1'],
    ],
    [
      'the default outside of a workflow',
      {},
      { builderId: undefined },
      ['type=provenance,mode=min,inline-only=true'],
    ],
    ['none for an image that cannot hold one', {}, { plainImage: true }, []],
    [
      'asked for',
      { provenance: 'true' },
      { plainImage: true },
      ['type=provenance,builder-id=https://g.io/r/1'],
    ],
    [
      'with attributes',
      { provenance: 'mode=max' },
      {},
      ['type=provenance,mode=max,builder-id=https://g.io/r/1'],
    ],
    [
      'off',
      { provenance: 'false', sbom: 'false' },
      {},
      ['type=provenance,disabled=true', 'type=sbom,disabled=true'],
    ],
    [
      'an SBOM',
      { provenance: 'false', sbom: 'true' },
      {},
      ['type=provenance,disabled=true', 'type=sbom'],
    ],
    [
      'an SBOM by a generator',
      { provenance: 'false', sbom: 'generator=r.io/g' },
      {},
      ['type=provenance,disabled=true', 'type=sbom,generator=r.io/g'],
    ],
    [
      'the inputs go before `attests`',
      { provenance: 'false', sbom: 'true', attests: ['type=provenance,mode=min', 'type=sbom,x=y'] },
      {},
      ['type=provenance,disabled=true', 'type=sbom'],
    ],
  ])('%s', (_name, change, surroundings, expected) => {
    const args = attestArguments({ ...none, ...change }, { ...here, ...surroundings });
    expect(args).toEqual(expected.flatMap((value) => ['--attest', value]));
  });

  it.each(['TRUE', 'false', 'mode=max,version=v1'])('reads %s', async (text) => {
    expect(await attestation(text)).toBe(/=/.test(text) ? text : text.toLowerCase());
  });

  it('refuses what is neither', () => {
    expect(() => attestation('maximal')).toThrow('is neither a boolean nor attributes');
  });
});

describe('secrets', () => {
  async function read(inputs: Record<string, string>, env: Record<string, string> = {}) {
    const masked: string[] = [];
    const reader = new InputReader({ ...variables(inputs), ...env }, (secret) =>
      masked.push(secret),
    );
    const runner = { env, mask: (secret: string) => void masked.push(secret) } as never;
    const secrets = await readSecrets(reader, runner);
    let error = '';
    try {
      reader.finish();
    } catch (thrown) {
      error = String((thrown as AggregateError).errors);
    }
    return { secrets, masked, error };
  }

  it('go by variables of the child, never by its command line', async () => {
    const { secrets, masked } = await read(
      { secrets: 'A=a==b\n"B=one\ntwo"', 'secret-envs': 'C=TOKEN' },
      { TOKEN: 'ccc' },
    );
    const { args, env } = secretArguments(secrets);
    expect(args).toEqual([
      ...['--secret', 'id=A,env=BUILD_SECRET_0'],
      ...['--secret', 'id=B,env=BUILD_SECRET_1'],
      ...['--secret', 'id=C,env=BUILD_SECRET_2'],
    ]);
    expect(env).toEqual({
      BUILD_SECRET_0: 'a==b',
      BUILD_SECRET_1: 'one\ntwo',
      BUILD_SECRET_2: 'ccc',
    });
    expect(masked).toEqual(expect.arrayContaining(['a==b', 'one', 'two', 'ccc']));
  });

  it('by a file name the file', async () => {
    const { secrets } = await read({ 'secret-files': `N=${import.meta.filename}` });
    expect(secretArguments(secrets).args).toEqual(['--secret', `id=N,src=${import.meta.filename}`]);
  });

  it('of a file are masked by line, unless they are too short for a log to do without', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    const files = {
      text: '{\n  "token": "abc"\n}\n',
      keystore: 'a\0longer',
      bundle: 'x'.repeat(20_000),
    };
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
      const { masked } = await read({ 'secret-files': `N=${join(folder, name)}` });
      expect(masked).toEqual(name === 'text' ? ['"token": "abc"'] : []);
    }
    rmSync(folder, { recursive: true });
  });

  it.each([
    [{ secrets: 'topsecret' }, 'Input secrets: an entry is not `id=value`.'],
    [{ 'secret-envs': 'A=NONE' }, 'Input secret-envs: there is no variable NONE'],
    [{ 'secret-files': 'A=/no/such' }, 'Input secret-files: /no/such is not a file'],
  ])('%j is refused, and no value is shown', async (inputs, said) => {
    const { error } = await read(inputs);
    expect(error).toContain(said);
    expect(error).not.toContain('topsecret');
  });
});

describe('secretsAmong', () => {
  it.each([
    ['NPM_TOKEN=abc', 'it is called like a secret'],
    ['storage_key=abc', 'it is called like a secret'],
    ['DB_PASSWORD=x', 'it is called like a secret'],
    ['URL=https://u:hunter22@h', 'its value holds a secret'],
    ['MONKEY=abc', undefined],
    ['PUBLIC_KEY=abc', undefined],
    ['TOKEN=', undefined],
    ['VERSION=1', undefined],
    ['PATTERN=x', undefined],
  ])('%s', (argument, why) => {
    const name = argument.split('=')[0];
    expect(secretsAmong([argument], ['hunter22', 'x'])).toEqual(why ? [{ name, why }] : []);
  });
});
