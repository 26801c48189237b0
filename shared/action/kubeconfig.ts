import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Kubeconfig } from '../kube/findKubeconfig.ts';
import { checkMapping } from './checkMapping.ts';
import { InputProblem, type Parse } from './InputReader.ts';

/** Text, base64 of it, or a path. */
export function kubeconfig(workspace: string): Parse<Kubeconfig> {
  return async (given) => {
    const text = looksLikeYaml(given) ? given : decode(given);
    const path = resolve(workspace, given.trim());
    const content = text ?? (await readFile(path, 'utf8').catch(() => undefined));
    if (content === undefined) {
      throw new InputProblem(
        'is neither a kubeconfig, nor base64 of one, nor the path of a file',
        'Give the whole file, as `kubectl config view --flatten --minify` prints it.',
      );
    }
    await checkMapping(content);
    return text === undefined ? { paths: [path] } : { text };
  };
}

function looksLikeYaml(text: string): boolean {
  return /^\s*(\{|[\w"'-]+\s*:)/m.test(text);
}

function decode(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/=\s]+$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return looksLikeYaml(decoded) ? decoded : undefined;
}
