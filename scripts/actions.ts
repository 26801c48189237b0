import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

/** The root of the repository. */
export const root = dirname(import.meta.dirname);

export interface ActionInput {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string | boolean | number;
  readonly deprecationMessage?: string;
}

/** What we use of an action.yml (GitHub's metadata syntax). */
export interface ActionMetadata {
  readonly name: string;
  readonly description: string;
  readonly inputs?: Readonly<Record<string, ActionInput>>;
  readonly outputs?: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

/** The names of our actions: the folders of `actions/`. */
export function actionNames(): string[] {
  return readdirSync(join(root, 'actions'), { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && existsSync(join(root, 'actions', entry.name, 'action.yml')),
    )
    .map((entry) => entry.name)
    .sort();
}

/** Reads the action.yml of one of our actions. */
export function readAction(name: string): ActionMetadata {
  return parse(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')) as ActionMetadata;
}

/** `owner/name` by which workflows refer to this repository, from package.json's `repository`. */
export function repositoryName(): string {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository: { url: string };
  };
  const found = /github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(repository.url)?.[1];
  if (found === undefined)
    throw new Error('package.json: repository.url is not an address at GitHub');
  return found;
}
