import { parseReference, type Reference } from '../../oci/Reference.ts';

/**
 * Whether an image has this name: the whole of it without tag and digest, or the end of its path
 * (`web` and `team/web` name `acme.azurecr.io/team/web:1`), or the text itself where it is a
 * placeholder and no reference.
 */
export function isNamed(image: string, name: string): boolean {
  if (image === name) return true;
  const [its, wanted] = [read(image), read(name)];
  if (its === undefined || wanted === undefined) return false;
  if (its.registry === wanted.registry && its.repository === wanted.repository) return true;
  const bare = name.split('@')[0] ?? name;
  return `${its.registry}/${its.repository}`.endsWith(`/${bare}`);
}

function read(text: string): Reference | undefined {
  try {
    return parseReference(text);
  } catch {
    return undefined;
  }
}

/** An image without tag and digest; a placeholder as it is. */
export function bareImage(image: string): string {
  const its = read(image);
  return its === undefined ? image : `${its.registry}/${its.repository}`;
}
