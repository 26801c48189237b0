import { describe, expect, it } from '@jest/globals';
import { emptySnapshot, type Snapshot } from './Snapshot.ts';
import { urlOf } from './urlOf.ts';

const metadata = { annotations: { 'meta.helm.sh/release-name': 'web' } };
const service = (port: number, at: { ip?: string; hostname?: string }) => ({
  metadata,
  spec: { ports: [{ port }] },
  status: { loadBalancer: { ingress: [at] } },
});

describe('urlOf', () => {
  it.each<[string, Partial<Snapshot>, string | undefined]>([
    [
      'nothing is exposed',
      { services: [{ metadata, spec: { ports: [{ port: 80 }] } }] },
      undefined,
    ],
    ['a load balancer', { services: [service(80, { ip: '20.1.2.3' })] }, 'http://20.1.2.3/'],
    [
      'another port',
      { services: [service(8080, { hostname: 'lb.test' })] },
      'http://lb.test:8080/',
    ],
    [
      'an Ingress with TLS comes first',
      {
        services: [service(80, { ip: '20.1.2.3' })],
        ingresses: [
          {
            metadata,
            spec: {
              tls: [{ hosts: ['web.test'] }],
              rules: [
                {
                  host: 'web.test',
                  http: { paths: [{ path: '/app', pathType: 'Prefix', backend: {} }] },
                },
              ],
            },
          },
        ],
      },
      'https://web.test/app',
    ],
    [
      'another release',
      { services: [{ ...service(80, { ip: '1.1.1.1' }), metadata: {} }] },
      undefined,
    ],
  ])('%s', (_name, snapshot, url) => {
    expect(urlOf({ ...emptySnapshot, ...snapshot }, 'web')).toBe(url);
  });
});
