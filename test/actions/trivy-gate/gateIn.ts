import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { trivyDbRepository } from '../../lab/trivy-db/trivyDb.ts';
import { type StepOptions, type StepResult, startAction } from '../startAction.ts';

export type Inputs = Readonly<Record<string, string>>;

export interface GateWorkspace extends Disposable {
  readonly folder: string;
  /** The runner's folder, which outlives the step. */
  readonly temp: string;
  write(name: string, content: string | Uint8Array): void;
  /** Starts the gate there, with the lab's database. */
  gate(inputs: Inputs, options?: Omit<StepOptions, 'inputs' | 'workspace'>): Promise<StepResult>;
}

/** A workspace with these files. */
export function gateIn(files: Readonly<Record<string, string | Uint8Array>> = {}): GateWorkspace {
  const root = mkdtempSync(join(tmpdir(), 'gate-'));
  const [folder, temp] = [join(root, 'workspace'), join(root, 'temp')];
  mkdirSync(folder);
  mkdirSync(temp);
  const write: GateWorkspace['write'] = (name, content) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return {
    ...{ folder, temp, write },
    gate: (inputs, { env, ...options } = {}) =>
      startAction('trivy-gate', {
        ...options,
        inputs: { 'db-repository': trivyDbRepository, ...inputs },
        workspace: folder,
        env: { RUNNER_TEMP: temp, ...env },
      }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}
