import { InputProblem } from '../../../../shared/action/InputReader.ts';

type Tree = { [key: string]: Tree | unknown };

/** One `path=value` pair, read. */
export interface Setting {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * Reads `path=value`, as `helm --set` means it without its commas: `true`, `false`, `null` and whole
 * numbers are such, everything else is text to the byte. `path:=json` is any JSON (`:="1"` is text).
 */
export function parseSetting(line: string): Setting {
  const [, path = '', json, text = ''] = /^([^=\s:]+?)\s*(:)?=(.*)$/s.exec(line) ?? [];
  if (path === '') {
    throw new InputProblem(
      `${JSON.stringify(line)} is not path=value`,
      'Write one `path=value` or `path:=json` a line, such as `web.replicas=2`.',
    );
  }
  return { path: keysOf(path), value: json === undefined ? scalar(text) : parseJson(path, text) };
}

/** The values that the pairs make together; later ones win. */
export function treeOf(settings: readonly Setting[]): Tree {
  const root: Tree = {};
  for (const { path, value } of settings) {
    let at: Tree | unknown[] = root;
    for (const [index, key] of path.entries()) {
      const next = path[index + 1];
      const tree = at as Tree;
      if (next === undefined) tree[key] = value;
      else if (typeof tree[key] !== 'object' || tree[key] === null)
        tree[key] = typeof next === 'number' ? [] : {};
      at = tree[key] as Tree;
    }
  }
  return root;
}

function keysOf(path: string): (string | number)[] {
  return path.split(/(?<!\\)\./).flatMap((part) => {
    const [, name = part, indices = ''] = /^(.*?)((?:\[\d+\])*)$/.exec(part) ?? [];
    const key = name.replaceAll('\\.', '.');
    if (key === '__proto__' || key === '') {
      throw new InputProblem(`${JSON.stringify(path)} is not a path`, 'Join keys by single dots.');
    }
    return [key, ...[...indices.matchAll(/\d+/g)].map(([index]) => Number(index))];
  });
}

function scalar(text: string): unknown {
  if (/^(true|false|null)$/.test(text)) return JSON.parse(text);
  return /^(0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputProblem(
      `the value of ${path} is not JSON: ${(error as Error).message}`,
      'Write `path=text` for text.',
    );
  }
}
