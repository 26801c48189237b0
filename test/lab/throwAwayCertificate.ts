import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from '../../shared/log/Log.ts';
import { certificate } from './authority.ts';

/** PEM texts of a certificate for these hosts, by an authority that nothing else trusts: for tests without a lab. */
export async function throwAwayCertificate(
  hosts: readonly string[],
): Promise<{ readonly ca: string; readonly cert: string; readonly key: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  try {
    const lab = {
      cacheDir: folder,
      stateDir: folder,
      logDir: folder,
      log: silent,
      program: () => Promise.reject(new Error('A certificate needs no program of the lab.')),
    };
    const { ca, cert, key } = await certificate(lab, 'server', { hosts });
    return {
      ca: readFileSync(ca, 'utf8'),
      cert: readFileSync(cert, 'utf8'),
      key: readFileSync(key, 'utf8'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
