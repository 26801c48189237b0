import { expect, it } from '@jest/globals';
import { hostileText } from '../../test/lab/fixtures/hostileText.ts';
import { denies } from './deniesLicense.ts';

it.each<[string[], string, boolean]>([
  [['GPL-3.0-only'], 'GPL-3.0-only', true],
  [['GPL-3.0-only'], 'MIT', false],
  [[], 'GPL-3.0-only', false],
  [['GPL-3.0-only'], 'MIT OR GPL-3.0-only', false],
  [['GPL-3.0-only', 'MIT'], 'MIT OR GPL-3.0-only', true],
  [['GPL-3.0-only'], 'MIT AND GPL-3.0-only', true],
  [['GPL-3.0-only'], '(MIT OR GPL-3.0-only) AND Apache-2.0', false],
  [['GPL-3.0-only'], '(MIT AND GPL-3.0-only) OR GPL-3.0-only', true],
  // The old names mean the same.
  [['GPL-3.0-only'], 'GPL-3.0', true],
  [['GPL-3.0'], 'GPL-3.0-only', true],
  [['GPL-2.0-or-later'], 'GPL-2.0+', true],
  [['GPL-2.0-only'], 'GPL-2.0+', false],
  [['AGPL-*'], 'AGPL-3.0-or-later', true],
  [['AGPL-*'], 'GPL-3.0-only', false],
  [['GPL-2.0-only'], 'GPL-2.0-only WITH Classpath-exception-2.0', true],
  // What is no SPDX expression is denied when one of its words is.
  [['GPL-3.0-only'], 'gpl-3.0-only', true],
  [['GPL-3.0-only'], 'GPL-3.0 and others', true],
  [['GPL-3.0-only'], 'mit, gpl-3.0-only', true],
  [['GPL-3.0-only'], 'Proprietary', false],
  [['LicenseRef-acme'], 'LicenseRef-acme', true],
])('%j denies %s: %s', (patterns, license, expected) => {
  const denied = denies(patterns);
  expect(denied(license)).toBe(expected);
  // The second answer is kept.
  expect(denied(license)).toBe(expected);
});

it('hostile texts and deep nesting make no trouble', () => {
  const denied = denies(['GPL-3.0-only']);
  for (const { text } of hostileText) expect(denied(text)).toBe(false);
  expect(denied(`${'('.repeat(20_000)}GPL-3.0-only${')'.repeat(20_000)}`)).toBe(true);
});
