import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { addresses } from '../addresses.ts';
import type { Certificate } from '../authority.ts';
import type { LabContext } from '../Part.ts';
import { writeConfig } from '../writeConfig.ts';

/** The kubeconfig of the cluster's administrator. */
export function adminKubeconfig(lab: Pick<LabContext, 'stateDir'>): string {
  return join(lab.stateDir, 'admin.kubeconfig');
}

/** The kubeconfig of somebody who is known to the API server and has no rights. */
export function guestKubeconfig(lab: Pick<LabContext, 'stateDir'>): string {
  return join(lab.stateDir, 'guest.kubeconfig');
}

/** Writes a kubeconfig that holds all it needs, as people paste it into a secret. */
export function writeKubeconfig(
  path: string,
  ca: string,
  user: { readonly token: string } | Certificate,
): void {
  const base64 = (file: string) => readFileSync(file).toString('base64');
  const content = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'lab',
        cluster: {
          server: `https://${addresses.apiServer}`,
          'certificate-authority-data': base64(ca),
        },
      },
    ],
    users: [
      {
        name: 'lab',
        user:
          'token' in user
            ? { token: user.token }
            : {
                'client-certificate-data': base64(user.cert),
                'client-key-data': base64(user.key),
              },
      },
    ],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    'current-context': 'lab',
  });
  writeConfig(path, content);
}
