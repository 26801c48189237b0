import { rm } from 'node:fs/promises';
import type { Runner } from '../../../shared/action/Runner.ts';

const state = 'folder';

/** Before anything else, so that the `post` step finds the step's folder however it ends. */
export function beginStep({ saveState, tempDir }: Pick<Runner, 'saveState' | 'tempDir'>): void {
  saveState(state, tempDir);
}

/** Removes the folder of a main step that was killed: any other one has removed it itself. */
export async function endStep({ readState }: Pick<Runner, 'readState'>): Promise<void> {
  const folder = readState(state);
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}
