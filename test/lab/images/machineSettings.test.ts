import { describe, expect, it } from '@jest/globals';
import { pipSettings } from './machineSettings.ts';

describe("pip's settings in an image", () => {
  const cert = '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n';
  const cases: Record<string, string> = {
    '': cert,
    "global.cert='/elsewhere.crt'\n:env:.find-links='/wheels'": cert,
    "global.index-url='https://mirror.example/simple'": `${cert}index-url = https://mirror.example/simple\n`,
    ":env:.index-url='https://a.example/'\nglobal.extra-index-url='https://b.example/'": `${cert}index-url = https://a.example/\nextra-index-url = https://b.example/\n`,
  };
  it.each(Object.entries(cases))('%j', (list, expected) => {
    expect(pipSettings(list)).toBe(expected);
  });
});
