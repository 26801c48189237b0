import * as v from 'valibot';
import { end, glob, purl, words } from './fields.ts';

/** The file of waivers: `waivers.schema.json` is made of this, so that editors and we say the same. */
export const WaiverFile = v.array(
  v.strictObject({
    id: words('The rule or advisory, such as CVE-2021-44906.'),
    package: v.optional(words('Only for the package of this name.')),
    purl: v.optional(purl('Only for this package; without a version, for each of them.')),
    path: v.optional(glob('Only in these files (a glob).')),
    owner: words('Who answers for it.'),
    reason: words('Why it may wait.'),
    expires: end('Its last day (2026-12-31, UTC), or the moment of its end with a zone.'),
  }),
);
