import { expect, it } from '@jest/globals';
import { marked } from 'marked';
import { trivyDbRepository as database } from '../../lab/trivy-db/trivyDb.ts';
import { startAction } from '../startAction.ts';
import { npm, push } from './images.ts';

/** Folder names that an image can have, and that come back in the report's paths. */
const folders = [
  'app/::error::owned',
  'app/::add-mask::127.0.0.1',
  'app/<script>alert(1)<',
  'app/a | b | ✅ pass',
  'app/[x](https://evil.example)',
  'app/\u001b[2J\u202eevil',
  'app/line\n::error::broken\n## ✅ pass',
  'app/@acme/admins #1',
];

it('names in an image issue no command and change no structure', async () => {
  const files = Object.assign({}, ...folders.map((folder) => npm('minimist', '0.0.8', folder)));
  const step = await startAction('trivy-gate', {
    inputs: { image: await push(files), 'db-repository': database },
  });
  expect(step.outputs.verdict).toBe('violation');
  expect(step.outputs.findings).toContain(`"CRITICAL":${folders.length}`);
  // They read the same in each folder, so that the verdict's own says it all.
  expect(step.annotations.map(({ level }) => level)).toEqual(['error']);
  expect(step.masks).toEqual([]);

  const html = marked.parse(step.summary, { async: false });
  const tags = new Set([...html.matchAll(/<([a-z0-9]+|!--)/g)].map(([, name]) => name));
  expect([...tags].sort()).toEqual([
    'a',
    'code',
    'h2',
    'h3',
    'p',
    'strong',
    'table',
    'tbody',
    'td',
    'th',
    'thead',
    'tr',
  ]);
  expect(html.match(/<h2/g)).toHaveLength(1);
  const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) =>
    href.replace('&#58;', ':'),
  );
  expect(new Set(hrefs)).toEqual(new Set(['https://avd.aquasec.com/nvd/cve-2021-44906']));
});
