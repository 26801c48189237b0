import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { goJson } from '../../../../shared/helm/goJson.ts';
import type { Inputs } from '../inputs.ts';
import { treeOf } from './parseSet.ts';
import { secretsToBytes } from './secretsToBytes.ts';

/** One source of values, as a file that Helm reads. */
export interface ValuesLayer {
  /** As messages name it. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** Whether a file of the repository is meant, which an annotation can point at. */
  readonly isFile: boolean;
}

/**
 * The sources of values in the order in which Helm merges them, later ones win: `value-files`,
 * `values`, `set`, `secret-values`. What is no file yet becomes one of mode 600 in the step's own
 * folder: no value stands in an argument, and files of the workspace stay as they are.
 */
export async function layValues(
  inputs: Pick<Inputs, 'valueFiles' | 'values' | 'set' | 'secretValues'>,
  runner: Pick<Runner, 'env' | 'tempDir'>,
): Promise<readonly ValuesLayer[]> {
  const workspace = runner.env.GITHUB_WORKSPACE ?? '.';
  const files = await Promise.all(
    inputs.valueFiles.map(async (path): Promise<ValuesLayer> => {
      const text = await readFile(path, 'utf8');
      return { name: relative(workspace, path), path, text, isFile: true };
    }),
  );
  const given: [string, string | undefined][] = [
    ['values', inputs.values],
    ['set', inputs.set.length === 0 ? undefined : goJson(treeOf(inputs.set))],
    ['secret-values', inputs.secretValues && secretsToBytes(inputs.secretValues)],
  ];
  const written = given.flatMap(([name, text]): ValuesLayer[] => {
    if (text === undefined) return [];
    const path = join(runner.tempDir, `${name}.yaml`);
    writeFileSync(path, text, { mode: 0o600 });
    return [{ name: `Input ${name}`, path, text, isFile: false }];
  });
  return [...files, ...written];
}
