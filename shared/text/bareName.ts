/**
 * A package URL's type, namespace and name, as they are written: neither the version nor the
 * qualifiers, which name the release of the distribution and change with it.
 */
export function bareName(purl: string): string {
  const [name = ''] = purl.split(/[?#]/, 1);
  const version = name.lastIndexOf('@');
  // A scope of npm that is not escaped (`pkg:npm/@acme/web`) is no version.
  return version > name.lastIndexOf('/') && name[version - 1] !== '/'
    ? name.slice(0, version)
    : name;
}
