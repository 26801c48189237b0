const places: readonly RegExp[] = [
  // What stands between quotes and has no blank is a name.
  /"[^"\s]*"/g,
  /\bhttps?:\/\/[^\s"']+/g,
  // References and paths; Go's word for input and output looks like one.
  /(?<![\w.:@/-])(?!i\/o\b)[\w.:@-]*(?:\/[\w.:@%?=&+~-]+)+/g,
  /\bsha(?:256|512):[0-9a-f]+/g,
  /\[[0-9a-f:.%]+\](?::\d+)?/gi,
  /\b(?:[\w-]+\.)+[\w-]+(?::\d+)?/g,
];

/**
 * What a program says without the places that it names: addresses with their ports, references,
 * digests. Their letters and digits are no words: a connection from port 40312 is no status 403.
 *
 * @param names of places that look like words, such as an image without a registry
 */
export function withoutAddresses(text: string, ...names: readonly string[]): string {
  const named = names.filter((name) => name !== '');
  const rest = named.reduce((left, name) => left.replaceAll(name, ' '), text);
  return places.reduce((left, place) => left.replace(place, ' '), rest);
}
