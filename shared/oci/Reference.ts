declare const digestBrand: unique symbol;

/** A content digest, such as `sha256:` and 64 hexadecimal digits (OCI image specification, descriptor). */
export type Digest = string & { readonly [digestBrand]: true };

/** Where an image is. With a digest it names one content for ever; a tag is for people. */
export interface Reference {
  /** Host and optional port; `docker.io` where the text names none. */
  readonly registry: string;
  /** Path in the registry; `library/` is added for Docker Hub's official images. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** A reference of which we know the content. */
export type PinnedReference = Reference & { readonly digest: Digest };

const digestPattern = /^sha256:[a-f0-9]{64}$|^sha512:[a-f0-9]{128}$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const host =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d+)?$/;

/** The most that the distribution specification allows for host and path together. */
const longestName = 255;

/** @throws {SyntaxError} that says what a digest looks like */
export function parseDigest(text: string): Digest {
  if (!digestPattern.test(text)) {
    throw new SyntaxError(
      `${JSON.stringify(text)} is not a digest (sha256: and 64 hexadecimal digits)`,
    );
  }
  return text as Digest;
}

/**
 * Reads `[host[:port]/]path[:tag][@digest]` (the grammar of github.com/distribution/reference, with
 * Docker Hub's defaults for a missing host).
 *
 * @throws {SyntaxError} that says which part is wrong
 */
export function parseReference(text: string): Reference {
  const [beforeDigest = '', digest, ...more] = text.split('@');
  if (more.length > 0) throw new SyntaxError('it has more than one "@"');
  const colon = beforeDigest.lastIndexOf(':');
  const hasTag = colon > beforeDigest.lastIndexOf('/');
  const name = hasTag ? beforeDigest.slice(0, colon) : beforeDigest;
  const tag = hasTag ? beforeDigest.slice(colon + 1) : undefined;
  if (tag !== undefined && !tagPattern.test(tag)) {
    throw new SyntaxError(
      `${JSON.stringify(tag)} is not a tag (letters, digits, "_", ".", "-"; at most 128)`,
    );
  }
  return {
    ...parseName(name),
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest: parseDigest(digest) }),
  };
}

function parseName(name: string): Pick<Reference, 'registry' | 'repository'> {
  if (name === '') throw new SyntaxError('it names no image');
  if (name.length > longestName)
    throw new SyntaxError(`its name is longer than ${longestName} characters`);
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const namesHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const registry = namesHost ? first : 'docker.io';
  const path = namesHost ? name.slice(slash + 1) : name;
  if (!host.test(registry))
    throw new SyntaxError(`${JSON.stringify(registry)} is not a registry's host`);
  for (const part of path.split('/')) {
    if (!component.test(part)) {
      const why = part === part.toLowerCase() ? '' : '; it has to be in lower case';
      throw new SyntaxError(`${JSON.stringify(path)} is not a repository's path${why}`);
    }
  }
  const official = registry === 'docker.io' && !path.includes('/');
  return { registry, repository: official ? `library/${path}` : path };
}

/** The reference as text: what a tool is given. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** `name@digest`, without the tag: what is handed from step to step. */
export function pin({ registry, repository }: Reference, digest: Digest): PinnedReference {
  return { registry, repository, digest };
}
