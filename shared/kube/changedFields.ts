/** One field that differs between two revisions; values are left out where they may be secret. */
export interface ChangedField {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** Where people put secrets: what stands there is said to have changed, and not shown. */
const confidential =
  /\.env\[[^\]]*\]\.value$|\.annotations\.|\.(?:args|command)(?:\[|$)|httpHeaders/;

const longest = 120;
const usual = 40;

/**
 * What differs between two pod templates, or whole objects, field by field. Entries of lists are known
 * by their name.
 */
export function changedFields(before: unknown, after: unknown, most = usual): ChangedField[] {
  const old = leavesOf(before);
  const present = leavesOf(after);
  const paths = [...new Set([...old.keys(), ...present.keys()])].sort();
  return paths
    .filter((path) => old.get(path) !== present.get(path) && !path.endsWith('.pod-template-hash'))
    .slice(0, most)
    .map((path) => ({
      path,
      ...(confidential.test(path)
        ? {}
        : { ...shown('before', old.get(path)), ...shown('after', present.get(path)) }),
    }));
}

/** For people: `containers[web].image: a:1 → a:2`. */
export function changeLine({ path, before, after }: ChangedField): string {
  if (before === undefined && after === undefined) return `${path}: changed`;
  return `${path}: ${before ?? '(not set)'} → ${after ?? '(not set)'}`;
}

function shown(name: 'before' | 'after', value: string | undefined) {
  return value === undefined ? {} : { [name]: value.slice(0, longest) };
}

function leavesOf(value: unknown, path = '', into = new Map<string, string>()) {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const { name = index } = (item ?? {}) as { name?: string };
      leavesOf(item, `${path}[${name}]`, into);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      leavesOf(item, path === '' ? key : `${path}.${key}`, into);
    }
  } else if (value !== undefined) into.set(path, String(value));
  return into;
}
