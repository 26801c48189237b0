// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Dockerfiles, not ours
import { describe, expect, it } from '@jest/globals';
import { expandVariables } from './expandVariables.ts';
import { findCacheMounts } from './findCacheMounts.ts';
import type { BuildFacts } from './readStages.ts';

describe('expandVariables', () => {
  const values = new Map([
    ['A', 'a'],
    ['E', ''],
    ['U', undefined],
  ]);
  it.each([
    ['x', 'x'],
    ['$A/$U/${E}', 'a//'],
    ['${A}b', 'ab'],
    ['${E:-x}${E-x}${U:-y}${U-$A}', 'xya'],
    ['${A:+x}${E:+x}${E+x}${U+x}', 'xx'],
    ['\\$A', '$A'],
  ])('%s is %s', (word, expected) => {
    expect(expandVariables(word, values)).toBe(expected);
  });

  it.each(['$N', '${A#x}', '${A/x/y}', '"$A"', '$'])('%s cannot be told', (word) => {
    expect(() => expandVariables(word, values)).toThrow();
  });
});

const facts: BuildFacts = {
  buildArgs: [],
  target: undefined,
  platforms: [],
  nativePlatform: 'linux/amd64',
};
const cache = (rest: string) => `RUN --mount=type=cache,${rest} x`;
const tmp = 'target=/t';

describe('findCacheMounts', () => {
  it.each<[string, string[], Partial<BuildFacts>, (string | [string, object])[], string[]?]>([
    ['the id is the target', ['FROM b', cache('target=/root/.npm/')], {}, ['/root/.npm']],
    ['or what is written', ['FROM b', cache(`id=npm,${tmp}`)], {}, ['npm']],
    ['other spellings', ['FROM b', 'RUN --mount=dst=/q,type=CACHE,ro x'], {}, ['/q']],
    [
      'several in one RUN over several lines, with another kind',
      [
        'FROM b',
        'RUN --mount=type=cache,target=/a \\',
        '  # why',
        '  --mount=type=secret,id=s \\',
        '  --mount=type=cache,target=/c,sharing=locked \\',
        '  npm ci && true',
      ],
      {},
      ['/a', '/c'],
    ],
    ['a here-document', ['FROM b', `${cache(tmp)} <<EOF`, cache('target=/no'), 'EOF'], {}, ['/t']],
    [
      'a stage on another platform',
      ['from --platform=$BUILDPLATFORM b as x', 'from X', `run --mount=type=cache,${tmp} x`],
      {},
      ['/t'],
    ],
    ['one twice', ['FROM b', cache(tmp), cache(tmp)], {}, ['/t']],
    [
      'another owner is another mount',
      ['FROM b', cache(`${tmp},uid=1000,gid=1000,mode=0700`), cache(tmp)],
      {},
      [['/t', { uid: '1000', gid: '1000', mode: '0700' }], '/t'],
    ],
    [
      'ARG and ENV, ENV first',
      ['FROM b', 'ENV C=/e', 'ARG C=/a', 'ARG D=$C/d', cache('target=$D')],
      {},
      ['/e/d'],
    ],
    [
      'a build argument',
      ['FROM b', 'ARG C=/a', cache('target=$C/x')],
      { buildArgs: ['C=/given'] },
      ['/given/x'],
    ],
    [
      'a global ARG only where it is declared again',
      ['ARG C=/g', 'FROM b AS one', 'ARG C', cache('target=$C'), 'FROM one', cache('id=$C-2')],
      {},
      ['/g', '/g-2'],
    ],
    [
      'each platform has its own',
      ['FROM b', 'ARG TARGETARCH', 'ARG BUILDARCH', cache(`id=$TARGETARCH-$BUILDARCH,${tmp}`)],
      { platforms: ['linux/amd64', 'linux/arm64'] },
      ['amd64-amd64', 'arm64-amd64'],
    ],
    [
      'only what the target needs',
      [
        ...['FROM b AS one', cache('target=/1'), 'FROM b AS two', cache('target=/2')],
        ...['FROM b AS three', 'COPY --from=one /x /', 'RUN --mount=from=Two,target=/y x'],
        ...['FROM b AS four', cache('target=/4')],
      ],
      { target: 'three' },
      ['/1', '/2'],
    ],
    [
      'PATH of the base image is nothing to stumble over',
      ['FROM b', 'ENV PATH=$PATH:/x', cache(tmp)],
      {},
      ['/t'],
    ],
    [
      'what cannot be kept',
      [
        ...[
          'FROM b',
          cache('target=$GOPATH/pkg'),
          cache(`${tmp},from=x`),
          cache('id=a(b),target=/q'),
        ],
        ...['FROM scratch', 'COPY --from=0 / /', cache('target=/s')],
      ],
      {},
      [],
      [
        '$GOPATH is declared nowhere in the Dockerfile',
        'it begins with the contents of an image',
        'its id is not a plain word',
        'its stage has no image with a shell',
      ],
    ],
    [
      'an image that cannot be told',
      ['FROM $X', cache(tmp)],
      {},
      [],
      ['$X is declared nowhere in the Dockerfile'],
    ],
    ['none', ['FROM b', 'RUN --mount=target=/x y'], {}, []],
  ])('%s', (_name, lines, change, expected, leftOut = []) => {
    const found = findCacheMounts(lines.join('\n'), { ...facts, ...change });
    expect(found.mounts.map(({ id, owner }) => [id, owner])).toEqual(
      expected.map((mount) => (typeof mount === 'string' ? [mount, {}] : mount)),
    );
    expect(found.leftOut.map(({ why }) => why)).toEqual(leftOut);
  });

  it('names the image at the bottom of the stage', () => {
    const text = ['ARG V=24', 'FROM node:$V AS deps', 'FROM deps AS build', cache(tmp)].join('\n');
    expect(findCacheMounts(text, facts).mounts).toMatchObject([{ base: 'node:24' }]);
  });
});
