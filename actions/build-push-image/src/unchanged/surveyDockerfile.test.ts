import { describe, expect, it } from '@jest/globals';
import { type Survey, type SurveyInputs, surveyDockerfile } from './surveyDockerfile.ts';

const plain: SurveyInputs = {
  buildArgs: {},
  platforms: ['linux/amd64'],
  contexts: [],
};

describe('surveyDockerfile', () => {
  it.each<[string, string, Partial<SurveyInputs>, Partial<Survey>]>([
    ['the least', 'FROM a\nCOPY x y /z', {}, { bases: ['a'], images: [], reach: ['x', 'y'] }],
    ['no file at all', 'FROM scratch\nENV A=1', {}, { bases: [], reach: [] }],
    [
      'only the stages that are needed',
      'FROM a AS one\nCOPY 1 /\nFROM b AS two\nCOPY 2 /\nFROM scratch\nCOPY --from=ONE /1 /\nCOPY 3 /',
      {},
      { bases: ['a'], images: [], reach: ['1', '3'] },
    ],
    [
      'a target, whatever its case',
      'FROM a AS One\nCOPY 1 /\nFROM One\nCOPY 2 /',
      { target: 'one' },
      { bases: ['a'], reach: ['1'] },
    ],
    [
      'a stage by its number',
      'FROM a\nCOPY 1 /\nFROM b\nCOPY --from=0 /1 /',
      {},
      { bases: ['a', 'b'], reach: ['1'] },
    ],
    [
      'an image that is copied from, and one that is mounted',
      'FROM a\nCOPY --from=r.io/tool:1 /t /\nRUN --mount=type=bind,from=r.io/other,target=/o x',
      {},
      { bases: ['a'], images: ['r.io/other', 'r.io/tool:1'], reach: [] },
    ],
    [
      'a mount of the context',
      'FROM a\nRUN --mount=target=/w,source=lib --mount=type=cache,target=/c --mount=type=secret,id=s x',
      {},
      { reach: ['lib'] },
    ],
    ['a mount of the whole context', 'FROM a\nRUN --mount=target=/w x', {}, { reach: ['/'] }],
    [
      'variables with defaults, overridden, one in another',
      `ARG V=1\nARG IMAGE="a:\${V}"\nARG R\nFROM \${R:-r.io}/$IMAGE-\${X:+no}slim`,
      { buildArgs: { V: '2' } },
      { bases: ['r.io/a:2-slim'] },
    ],
    [
      'a stage for each platform',
      'FROM a AS for-amd64\nCOPY 1 /\nFROM b AS for-arm64\nCOPY 2 /\nFROM for-$TARGETARCH',
      { platforms: ['linux/arm64'] },
      { bases: ['b'], reach: ['2'] },
    ],
    [
      'a variable that the build platform gives, where it does not matter',
      'FROM --platform=$BUILDPLATFORM a',
      {},
      { bases: ['a'] },
    ],
    [
      'the frontend',
      '# syntax=docker/dockerfile:1\nFROM a',
      {},
      { images: ['docker/dockerfile:1'] },
    ],
    [
      'another frontend by argument',
      '# syntax=docker/dockerfile:1\nFROM a',
      { buildArgs: { BUILDKIT_SYNTAX: 'r.io/docker/dockerfile@sha256:1' } },
      { images: ['r.io/docker/dockerfile@sha256:1'] },
    ],
    [
      'a named context in place of an image',
      'FROM debian:latest\nCOPY --from=lib /x /',
      { contexts: ['debian', 'lib'] },
      { bases: [], images: [] },
    ],
    [
      'an array with spaces, and a long line with a comment in it',
      'FROM a\nCOPY ["a b", "c", "/d"]\nCOPY --chown=1 x \\\n # comment\n  y /z',
      {},
      { reach: ['a b', 'c', 'x', 'y'] },
    ],
    [
      'text that only looks like instructions',
      'FROM a\nCOPY <<EOF one <<-E2 /d/\nFROM evil\nCOPY . .\nEOF\n\tFROM worse\n\tE2\nRUN <<EOF\nCOPY all /\nEOF\nCOPY b /',
      {},
      { bases: ['a'], reach: ['b', 'one'] },
    ],
    ['a shift', 'FROM a\nRUN echo $((1<<2))\nCOPY b /', {}, { reach: ['b'] }],
    ['a source with a variable', 'FROM a\nARG D\nCOPY $D /', {}, { reach: 'all' }],
    ['a trigger', 'FROM a\nONBUILD COPY --chown=1 x /', {}, { reach: ['x'] }],
    [
      'addresses that are pinned',
      `FROM a\nADD --checksum=sha256:1 https://x.test/y /\nADD https://x.test/r.git#${'a'.repeat(40)} /\nADD l.tgz /`,
      {},
      { reach: ['l.tgz'] },
    ],
    [
      'lower case, and Windows lines',
      'from a as b\r\ncopy x /\r\nfrom B\r\n',
      {},
      { bases: ['a'], reach: ['x'] },
    ],
  ])('%s', (_name, text, inputs, expected) => {
    expect(surveyDockerfile(text, { ...plain, ...inputs })).toMatchObject(expected);
  });

  it.each<[string, string, Partial<SurveyInputs>, string]>([
    ['an address without checksum', 'FROM a\nADD https://x.test/y /', {}, 'has no checksum'],
    ['a git branch', 'FROM a\nADD git@x.test:r.git#main /', {}, 'has no checksum'],
    ['what may be an address', 'FROM a\nADD $X /', {}, 'could be an address'],
    ['an unknown variable', 'FROM a:$V', {}, 'the value of V'],
    ['an ARG without a value', 'ARG V\nFROM a:$V', {}, 'the value of V'],
    ['the build platform', 'FROM a-$BUILDARCH', {}, 'the value of BUILDARCH'],
    ['a substitution of its own', `ARG V=1.2\nFROM a:$${'{V%.*}'}`, {}, 'not plainly an image'],
    ['another frontend', '# syntax=r.io/mine:1\nFROM a', {}, "not by Docker's own"],
    ['an unknown target', 'FROM a', { target: 'x' }, 'no stage x'],
    [
      'a stage that comes later',
      'FROM a\nCOPY --from=b / /\nFROM c AS b\nFROM a AS d\nCOPY --from=0 / /',
      {},
      'before it is defined',
    ],
    ['a source by variable', 'FROM a\nCOPY --from=$X / /', {}, 'is not known'],
    ['an escape character', '# escape=`\nFROM a', {}, 'escape character'],
    ['nothing', '# nothing', {}, 'no FROM'],
    ['an instruction before FROM', 'RUN x\nFROM a', {}, 'before the first FROM'],
    ['a here-document in a comment', 'FROM a\nRUN x # <<EOF\nCOPY y /\nEOF', {}, 'may or may not'],
    [
      'a here-document that is quoted',
      'FROM a\nRUN x "<<EOF"\nEOF\nCOPY y /',
      {},
      'may or may not',
    ],
    ['a here-document with a number', 'FROM a\nRUN x 3<<EOF\nFROM y\nEOF', {}, 'may or may not'],
    ['a here-document without an end', 'FROM a\nRUN <<EOF\nCOPY x /', {}, 'may or may not'],
    ['a here-document far down', 'FROM a\nRUN x \\\n <<EOF\nFROM b\nEOF', {}, 'may or may not'],
  ])('does not decide %s', (_name, text, inputs, why) => {
    expect(() => surveyDockerfile(text, { ...plain, ...inputs })).toThrow(why);
  });
});
