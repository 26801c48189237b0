import { parseReference, type Reference } from '../oci/Reference.ts';
import type { Instruction } from '../report/dockerfile/Dockerfile.ts';

const prefix = 'org.opencontainers.image.base';
/** A build has few bases; a list of more is no list of bases. */
const mostNames = 20;

/** The base that labels or annotations name (OCI image specification, "Pre-Defined Annotation Keys"). */
export function namedBase(labels: Readonly<Record<string, string>>): Reference[] {
  const name = labels[`${prefix}.name`];
  const digest = labels[`${prefix}.digest`];
  if (name === undefined) return [];
  return read(digest === undefined || name.includes('@') ? name : `${name}@${digest}`);
}

/**
 * All images from which BuildKit says to have built: those of all stages, for it does not say which is
 * whose (slsa.dev/provenance v0.2 `materials`, v1 `resolvedDependencies`).
 */
export function provenBases(statement: unknown): Reference[] {
  const { predicate } = (statement ?? {}) as { predicate?: Provenance };
  const sources = predicate?.materials ?? predicate?.buildDefinition?.resolvedDependencies ?? [];
  if (!Array.isArray(sources)) return [];
  return sources.slice(0, mostNames).flatMap((source) => ofMaterial((source ?? {}) as Material));
}

interface Material {
  readonly uri?: unknown;
  readonly digest?: { readonly sha256?: unknown };
}

interface Provenance {
  readonly materials?: unknown;
  readonly buildDefinition?: { readonly resolvedDependencies?: unknown };
}

/** `pkg:docker/acme.azurecr.io/base@1?platform=linux%2Famd64`, with the digest beside it or in it. */
function ofMaterial({ uri, digest: beside }: Material): Reference[] {
  const [, name = '', tag, query] =
    /^pkg:(?:docker|oci)\/([^@?]+)(?:@([^?]+))?(?:\?(.*))?$/.exec(String(uri)) ?? [];
  if (name === '') return [];
  const { sha256 } = beside ?? {};
  const digest =
    sha256 === undefined
      ? new URLSearchParams(query ?? '').get('digest')
      : `sha256:${String(sha256)}`;
  const tagged = tag === undefined ? '' : `:${unescaped(tag)}`;
  return read(`${unescaped(name)}${tagged}${digest === null ? '' : `@${digest}`}`);
}

/** The image of the last `FROM`, where it is neither a stage nor made of arguments. */
export function writtenBase(instructions: readonly Instruction[]): Reference[] {
  const froms = instructions.filter(({ keyword }) => keyword === 'FROM');
  const words = (text: string) => text.split(' ').filter((word) => !word.startsWith('--'));
  const stages = new Map(froms.map(({ text }) => [words(text)[2], words(text)[0] ?? '']));
  let name = words(froms.at(-1)?.text ?? '')[0] ?? '';
  for (let hops = 0; stages.has(name) && hops < froms.length; hops++) name = stages.get(name) ?? '';
  return name === '' || name === 'scratch' || name.includes('$') ? [] : read(name);
}

/** What is no name of an image is nobody's base. */
function read(text: string): Reference[] {
  try {
    return [parseReference(text)];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
