import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { command } from './command.ts';
import type { LabContext } from './Part.ts';

/** Paths of PEM files. */
export interface Certificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const days = 3650;

/** The certificate of the lab's own authority; made once, kept in the cache. */
export async function authority(lab: LabContext): Promise<{ cert: string; key: string }> {
  const folder = join(lab.cacheDir, 'authority');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [cert, key] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  if (!existsSync(cert)) {
    await command('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...[
        '-subj',
        '/CN=Platform Actions lab',
        '-days',
        String(days),
        '-keyout',
        key,
        '-out',
        `${cert}.new`,
      ],
    ]);
    await rename(`${cert}.new`, cert);
  }
  return { cert, key };
}

/**
 * A certificate signed by the lab's authority, good for servers and clients; made once a name.
 *
 * @param subject what it says of itself, such as `{CN: 'admin', O: 'system:masters'}`
 */
export async function certificate(
  lab: LabContext,
  name: string,
  {
    hosts = [],
    subject = { CN: name },
  }: { hosts?: readonly string[]; subject?: Record<string, string> },
): Promise<Certificate> {
  const ca = await authority(lab);
  const folder = join(lab.cacheDir, 'authority');
  const base = join(folder, name);
  const files: Certificate = { ca: ca.cert, cert: `${base}.crt`, key: `${base}.key` };
  const names = hosts.map((host) => `${isIP(host) ? 'IP' : 'DNS'}:${host}`).join(',');
  if (existsSync(files.cert) && isFor(files.cert, hosts)) return files;
  const subjectText = Object.entries(subject)
    .map(([key, value]) => `/${key}=${value}`)
    .join('');
  await command('openssl', [
    ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', subjectText, '-keyout', files.key, '-out', `${base}.csr`],
  ]);
  writeFileSync(
    `${base}.ext`,
    `extendedKeyUsage=serverAuth,clientAuth\n${names === '' ? '' : `subjectAltName=${names}\n`}`,
  );
  await command('openssl', [
    ...['x509', '-req', '-in', `${base}.csr`, '-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial'],
    ...['-days', String(days), '-extfile', `${base}.ext`, '-out', files.cert],
  ]);
  return files;
}

function isFor(path: string, hosts: readonly string[]): boolean {
  const certificate = new X509Certificate(readFileSync(path));
  return hosts.every((host) =>
    isIP(host)
      ? certificate.checkIP(host) !== undefined
      : certificate.checkHost(host) !== undefined,
  );
}
