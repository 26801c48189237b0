import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../oci/putManifest.ts';
import { parseReference, pin } from '../oci/Reference.ts';
import type { JudgedImage } from './judgeImages.ts';
import { refuseImages } from './refuseImages.ts';

const lacking = (image: string, why: string, usedBy = ['Pod/a → container c']): JudgedImage => ({
  ...{ image, usedBy, why },
});
const passing: JudgedImage = {
  image: 'r.io/good',
  usedBy: ['Pod/b → container c'],
  reference: pin(parseReference('r.io/good'), digestOf('good')),
  verdict: {
    verifier: 'https://x.test',
    verifiedAt: new Date(),
    policy: { uri: 'https://x.test/p', digest: undefined },
    passed: true,
  },
};
const refuse = (...judged: JudgedImage[]) =>
  refuseImages(judged, 'production', 'Nothing was changed.');

describe('refuseImages', () => {
  it('refuses nothing when all pass', () => {
    expect(refuse()).toBeUndefined();
    expect(refuse(passing)).toBeUndefined();
  });

  it('names the image, what it lacks, what uses it, and what to do', () => {
    expect(refuse(passing, lacking('r.io/a', 'it has no signed verdict'))?.message).toBe(
      'r.io/a has no passing verdict of production: it has no signed verdict. Pod/a → container c uses it. Nothing was changed. Let trivy-gate judge this digest by that policy and sign the verdict (`attest`), with the key or the workflow that is trusted here.',
    );
    expect(refuse(lacking('r.io/a:1', 'it has no digest, and a tag may move'))?.remedy).toMatch(
      /^Give it by its digest/,
    );
  });

  it('tells some in the annotation, and all with their users in the details', () => {
    const failure = refuse(...[1, 2, 3, 4, 5, 6].map((one) => lacking(`r.io/${one}`, 'no')));
    expect(failure?.why).toMatch(/Also: r\.io\/2: no; r\.io\/3: no; r\.io\/4: no; and 2 more\. N/);
    expect(failure?.details).toMatch(/^6 images of 6 without evidence:/);
    expect(failure?.details).toMatch(/- r\.io\/6: no\n {4}used by Pod\/a → container c$/);
  });

  it('keeps what others wrote on one line', () => {
    const failure = refuse(
      lacking('r.io/a\n::error::x', 'no', ['Pod/a\n::error::y → container c']),
    );
    expect(failure?.message).not.toMatch(/\n/);
    expect(failure?.details).not.toMatch(/^::/m);
  });
});
