import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { silent } from '../../../shared/log/Log.ts';
import { labContext } from '../../lab/lab.ts';
import type { GateWorkspace } from './gateIn.ts';

/** Puts a Trivy on the PATH that keeps a list of what it was asked for, with its environment. */
export async function watchedTrivy({ folder, temp, write }: GateWorkspace) {
  const trivy = await labContext(silent).program('trivy');
  const calls = join(temp, 'calls');
  write('bin/trivy', `#!/bin/sh\n{ echo "call: $*"; env; } >> '${calls}'\nexec '${trivy}' "$@"\n`);
  chmodSync(join(folder, 'bin/trivy'), 0o755);
  const said = () => (existsSync(calls) ? readFileSync(calls, 'utf8') : '');
  return {
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    said,
    scans: () => said().match(/^call: image /gm)?.length ?? 0,
    starts: () => said().match(/^call: /gm)?.length ?? 0,
  };
}
