import old from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import ids from 'spdx-license-ids/index.json' with { type: 'json' };
import * as v from 'valibot';
import { parsePurl } from '../../purl/parsePurl.ts';
import { nearest } from '../../text/nearest.ts';
import { severities } from '../Severity.ts';

const words = (about: string) =>
  v.pipe(
    v.string(),
    v.regex(/\S/, 'is empty'),
    v.maxLength(1000, 'is too long'),
    v.description(about),
  );
const amount = (about: string) =>
  v.pipe(
    v.number(),
    v.finite('is no finite number'),
    v.minValue(0, 'is less than 0'),
    v.description(about),
  );
const licenses: readonly string[] = [...ids, ...old];

const snapshot = {
  file: words('Path of the file in the workspace.'),
  'max-age-days': amount('An older list makes the verdict incomplete.'),
};

const deniedPackage = v.pipe(
  v.strictObject({
    name: v.optional(words('Name of the package; `*` stands for anything.')),
    purl: v.optional(
      v.pipe(
        words('Package URL, with or without a version; `*` stands for anything.'),
        v.check(
          (text) => parsePurl(text) !== undefined,
          'is no package URL (pkg:type/name@version)',
        ),
      ),
    ),
    reason: words('Why it may not be there; a reader sees it.'),
  }),
  v.check(
    ({ name, purl }) => name !== undefined || purl !== undefined,
    'names no package: write name, purl, or both',
  ),
);

const license = v.pipe(
  words('SPDX id, or LicenseRef-…; `*` stands for anything.'),
  v.check(
    (text) => text.includes('*') || text.startsWith('LicenseRef-') || licenses.includes(text),
    ({ input }) => {
      const near = nearest(input, licenses);
      return `is no SPDX id${near === undefined ? '' : `; did you mean ${near}?`}`;
    },
  ),
);

/** The policy file: `policy.schema.json` is made of this, so that editors and we say the same. */
export const PolicyFile = v.strictObject({
  $schema: v.optional(words('For editors.')),
  severities: v.optional(
    v.pipe(
      v.array(v.picklist(severities)),
      v.minLength(1, 'is empty, so nothing would count'),
      v.description('Severities that count.'),
    ),
  ),
  'ignore-unfixed': v.optional(
    v.pipe(v.boolean(), v.description('Whether only vulnerabilities that have a fix count.')),
  ),
  kinds: v.optional(
    v.pipe(
      v.array(v.picklist(['vulnerability', 'misconfiguration', 'secret', 'license'])),
      v.minLength(1, 'is empty, so nothing would count'),
      v.description('Kinds of findings that count; all of them by default.'),
    ),
  ),
  'fix-grace-days': v.optional(
    amount(
      'A vulnerability with a fix counts only when it has been public for more days than this. One without a date counts at once.',
    ),
  ),
  'end-of-life': v.optional(
    v.pipe(
      v.picklist(['deny', 'notice']),
      v.description('Whether an operating system that gets no more fixes counts.'),
    ),
  ),
  'deny-packages': v.optional(
    v.pipe(v.array(deniedPackage), v.description('Packages that may not be there.')),
  ),
  'deny-licenses': v.optional(
    v.pipe(
      v.array(license),
      v.description(
        'Licenses that a package may not have. One that offers another choice is fine.',
      ),
    ),
  ),
  kev: v.optional(
    v.pipe(
      v.strictObject(snapshot),
      v.description(
        'The catalog of CISA: a vulnerability in it counts whatever its severity, its age and whether there is a fix.',
      ),
    ),
  ),
  epss: v.optional(
    v.pipe(
      v.strictObject({
        ...snapshot,
        'at-least': v.pipe(
          v.number(),
          v.minValue(0, 'is less than 0'),
          v.maxValue(1, 'is more than 1'),
          v.description(
            'From this probability on a vulnerability counts, like one of the catalog.',
          ),
        ),
      }),
      v.description('Scores of first.org: how likely an exploit is within 30 days.'),
    ),
  ),
  'max-database-age-hours': v.optional(
    amount('An older vulnerability database makes the verdict incomplete.'),
  ),
  'never-waive': v.optional(
    v.pipe(
      v.array(words('An id; `*` stands for anything.')),
      v.description('What neither a waiver nor VEX excuses.'),
    ),
  ),
});

export type PolicyFile = v.InferOutput<typeof PolicyFile>;
