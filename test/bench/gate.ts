import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../lab/command.ts';
import type { LabContext } from '../lab/Part.ts';
import { trivyDbRepository } from '../lab/trivy-db/trivyDb.ts';
import { median } from './median.ts';
import type { Path } from './path.ts';

const rounds = 9;

/** The gate on an image beside `trivy image --format json` alone, in turns: seconds. */
export async function measureGate(
  lab: LabContext,
  path: Path,
  image: string,
): Promise<{ readonly action: number; readonly trivy: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gate-'));
  try {
    const trivy = await lab.program('trivy');
    const alone = [
      ...['image', '--quiet', '--format', 'json', '--output', join(folder, 'report.json')],
      ...['--scanners', 'vuln', '--db-repository', trivyDbRepository, '--cache-dir', folder],
      ...['--skip-java-db-update', '--skip-version-check', '--disable-telemetry', image],
    ];
    const sides = {
      action: () => path.step('trivy-gate', { image, 'db-repository': trivyDbRepository }),
      trivy: () => command(trivy, alone),
    };
    const times = { action: [] as number[], trivy: [] as number[] };
    for (let round = -1; round < rounds; round++) {
      for (const side of ['action', 'trivy'] as const) {
        const started = performance.now();
        await sides[side]();
        // The first round fetches the database.
        if (round >= 0) times[side].push((performance.now() - started) / 1000);
      }
    }
    return { action: median(times.action), trivy: median(times.trivy) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
