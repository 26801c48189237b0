import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { Redactor, redact } from './redact.ts';

const pem =
  '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nAQEFAASCBKcwggSjAgEAAoIB\n-----END KEY-----\n';

describe('redact', () => {
  it.each([
    ['as it is', 'a hunter2! b', ['hunter2!'], 'a *** b'],
    ['twice', 'hunter2!hunter2!', ['hunter2!'], '******'],
    ['a shorter and a longer one', 'abc abcdef', ['abc', 'abcdef'], '*** ***'],
    ['overlapping ones leave nothing', 'xabcd', ['xab', 'abcd'], '***'],
    ['one line of a PEM key', 'got MIIEvQIBADANBgkqhkiG9w0.', [pem], 'got ***.'],
    ['in JSON', '{"p":"a\\"b\\nc"}', ['a"b\nc'], '{"p":"***"}'],
    ['in a URL', '?p=ab%2Fcd%3D%3D&', ['ab/cd=='], '?p=***&'],
    ['nothing to hide', 'text', ['', '  '], 'text'],
  ])('%s', (_name, text, secrets, expected) => {
    expect(redact(text, secrets)).toBe(expected);
  });

  it.each([0, 1, 2, 3, 4, 5])('in base64, behind %i other bytes', (before) => {
    const secret = 'correct horse battery staple';
    const encoded = Buffer.from(`${'u'.repeat(before)}${secret}:tail`).toString('base64');
    const shown = redact(encoded, [secret]);
    expect(shown).toContain('***');
    // What is left on both sides holds at most a part of one byte of the secret.
    const rest = shown.split('***').map((part) => Buffer.from(part, 'base64').toString('latin1'));
    expect(rest.join('')).not.toMatch(/co|le/);
  });

  it('wherever the chunks are cut', () => {
    const secrets = ['hunter2!', 'hunter2!extended', 'r2!ext'];
    const text = 'a hunter2! b hunter2!extended c hunter hunter2!ext';
    const whole = redact(text, secrets);
    expect(whole).toBe('a *** b *** c hunter ***');
    for (let cut = 0; cut <= text.length; cut++) {
      for (let second = cut; second <= text.length; second++) {
        const redactor = new Redactor(secrets);
        const shown =
          redactor.write(text.slice(0, cut)) +
          redactor.write(text.slice(cut, second)) +
          redactor.write(text.slice(second)) +
          redactor.end();
        expect(shown).toBe(whole);
      }
    }
  });

  it('holds back no more than it must', () => {
    const redactor = new Redactor(['hunter2!']);
    expect(redactor.write('a line\n')).toBe('a line\n');
    expect(redactor.write('hunt')).toBe('');
    expect(redactor.write('ing season')).toBe('hunting season');
  });
});
