import { expect, it } from '@jest/globals';
import { newerTags } from './newerTags.ts';

it.each([
  ['12', ['11', '12', '13', '13.1', 'latest', '12-slim'], ['13']],
  ['12-slim', ['13', '13-slim', '14-slim', '20260101-slim'], ['14-slim']],
  ['bookworm-slim', ['bullseye-slim', 'trixie-slim', 'trixie', 'noble-slim'], ['trixie-slim']],
  [
    '3.12.1-slim-bookworm',
    [
      ...['3.12.9-slim-bookworm', '3.12.10-slim-bookworm', '3.13.2-slim-bookworm'],
      ...['3.12.1-slim-trixie', '4.0.0-slim-bookworm', '3.12.0-slim-trixie'],
      ...['3.14.0rc1-slim-bookworm', '3.12-slim-bookworm', '3.13.2-slim-bullseye'],
    ],
    ['3.12.1-slim-trixie', '3.12.10-slim-bookworm', '3.13.2-slim-bookworm', '4.0.0-slim-bookworm'],
  ],
  [
    '22-alpine3.19',
    ['22-alpine3.20', '22-alpine3.9', '24-alpine3.20'],
    ['22-alpine3.20', '24-alpine3.20'],
  ],
  ['v1.2', ['v1.3', '1.4', 'v1.2'], ['v1.3']],
  ['20260101', ['20260201', '20251201', '13'], ['20260201']],
  ['latest', ['1', '2', 'latest'], []],
  ['main', [], []],
])('after %s', (tag, tags, expected) => {
  expect(newerTags(tag, tags)).toEqual(expected);
  expect(newerTags(tag, tags.toReversed())).toEqual(expected);
});
