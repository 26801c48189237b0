import { expect, it } from '@jest/globals';
import { type RemoteChart, whyUnpinned } from './Source.ts';

const source = (chart: string, more: Partial<RemoteChart> = {}): RemoteChart => ({
  ...{ kind: 'remote', chart, repository: undefined, version: undefined, digest: undefined },
  ...more,
});

it.each<[RemoteChart, string | undefined]>([
  [source('oci://r.io/charts/web:1.2.3'), undefined],
  [source('oci://r.io:5000/web:1.2.3_build.1'), undefined],
  [source(`oci://r.io/web@sha256:${'a'.repeat(64)}`), undefined],
  [source('oci://r.io/web', { version: 'v1.2.3-rc.1' }), undefined],
  [source('oci://r.io:5000/web'), 'it has no version'],
  [source('oci://r.io/web:latest'), 'latest is not one version'],
  [source('web', { repository: 'https://r', version: '^1.2' }), '^1.2 is not one version'],
  [source('web', { repository: 'https://r' }), 'it has no version'],
  [source('web', { repository: 'https://r', version: '1.2' }), '1.2 is not one version'],
  [source('https://r/web.tgz'), 'what lies at an address can be exchanged'],
  [source('https://r/web.tgz', { digest: `sha256:${'a'.repeat(64)}` }), undefined],
])('%o', (given, expected) => {
  expect(whyUnpinned(given)).toBe(expected);
});
