import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PostRender, postRendererPlugin } from './arguments.ts';

const programs: readonly PostRender['program'][] = ['tee', 'cat'];

/** Where the plug-ins for such a file are. */
export function pluginsFolder(file: string): string {
  return join(dirname(file), 'helm-plugins');
}

/**
 * Prepares a file for {@link PostRender}: empty, readable by nobody else, with Helm 4's plug-ins beside
 * it.
 */
export async function preparePostRender(file: string): Promise<void> {
  // The manifest has Secrets in it; `tee` keeps the mode of a file that is there.
  await writeFile(file, '', { mode: 0o600 });
  for (const program of programs) {
    const name = postRendererPlugin(program);
    const folder = join(pluginsFolder(file), name);
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'plugin.yaml'),
      JSON.stringify({
        ...{ apiVersion: 'v1', type: 'postrenderer/v1', name, version: '1.0.0' },
        ...{ runtime: 'subprocess', runtimeConfig: { platformCommand: [{ command: program }] } },
      }),
    );
  }
}
