import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { actionNames, root } from './actions.ts';

/** About twice what a bare Node takes to start goes for this much; HTTP and YAML alone are 290 KB. */
const budget = 120_000;

/** What Node loads before an entry does anything: the file and all that it imports statically. */
function startBytes(file: string, seen = new Set<string>()): number {
  if (seen.has(file)) return 0;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/(?:^|;|\})(?:import|export)[^;()]*?from"(\.[^"]+)"/g)];
  return imported.reduce(
    (sum, [, path = '']) => sum + startBytes(join(dirname(file), path), seen),
    text.length,
  );
}

it.each(actionNames())('%s reads its inputs before it loads what they may not need', (name) => {
  const bytes = startBytes(join(root, 'dist', `${name}.js`));
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(budget);
});
