import { expect, it } from '@jest/globals';
import { withoutAddresses } from './withoutAddresses.ts';

it.each([
  ['read tcp 10.0.0.1:40312->1.2.3.4:403: i/o timeout', 'read tcp -> : i/o timeout'],
  ['HEAD request to https://r.io/v2/web/manifests/403: 401 Unauthorized', '401 Unauthorized'],
  ['pull r.io:5000/team/web:401@sha256:4010 denied', 'pull denied'],
  ['digest sha256:403d not found', 'digest not found'],
  ['dial tcp [fd00::403]:443: connection refused', 'dial tcp : connection refused'],
  ['lookup acr-403.azurecr.io: no such host', 'lookup : no such host'],
  ['image "web-denied": not found', 'image : not found'],
  ['image web:403 stays away', 'image stays away'],
])('%s', (text, rest) => {
  const left = withoutAddresses(text, 'web:403', '').replace(/\s+/g, ' ');
  expect(left).toContain(rest);
  expect(left).not.toMatch(/403.*403|web-denied/);
});
