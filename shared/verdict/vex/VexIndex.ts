import { matchesPurl } from '../../purl/matchesPurl.ts';
import type { Purl } from '../../purl/Purl.ts';
import { parsePurl } from '../../purl/parsePurl.ts';
import type { Finding } from '../Finding.ts';
import type { Inspection } from '../Inspection.ts';
import { namesOf } from '../namesOf.ts';
import { imageOf, type VexImage } from './VexImage.ts';
import type { VexProduct, VexStatement } from './VexStatement.ts';

/** What is said of the findings of one subject. */
export class VexIndex {
  readonly #byName = new Map<string, VexStatement[]>();
  readonly #image: VexImage | undefined;

  readonly #bom: string | undefined;

  constructor(
    statements: readonly VexStatement[],
    { subject, bom }: Pick<Inspection, 'subject' | 'bom'>,
  ) {
    this.#image = imageOf(subject);
    this.#bom = bom;
    for (const statement of statements) {
      for (const name of new Set(statement.vulnerabilities)) {
        const before = this.#byName.get(name);
        if (before === undefined) this.#byName.set(name, [statement]);
        else before.push(statement);
      }
    }
  }

  /**
   * The statement that holds: of those about this package in this image, the latest. Of two of the
   * same time, it is the one that excuses less.
   */
  find(finding: Finding): VexStatement | undefined {
    if (this.#byName.size === 0 || finding.kind !== 'vulnerability') return undefined;
    const candidates = namesOf(finding).flatMap((name) => this.#byName.get(name) ?? []);
    if (candidates.length === 0) return undefined;
    const purl = parsePurl(finding.subject.purl ?? '');
    return candidates
      .filter(({ products }) => products.some((product) => this.#isAbout(product, purl)))
      .reduce<VexStatement | undefined>(
        (held, one) => (held === undefined || outweighs(one, held) ? one : held),
        undefined,
      );
  }

  /**
   * A package with parts of its own (a program and a library in it) is not decided here: the library
   * may have come into the image by another way, too.
   */
  #isAbout({ purls, digests, bom, parts }: VexProduct, purl: Purl | undefined): boolean {
    const isBom = bom !== undefined && bom === this.#bom;
    if (isBom || this.#image?.isOneOf(purls, digests)) {
      return (
        parts.length === 0 || (purl !== undefined && parts.some((part) => matchesPurl(part, purl)))
      );
    }
    return (
      parts.length === 0 &&
      purl !== undefined &&
      purls.some((meant) => meant.type !== 'oci' && matchesPurl(meant, purl))
    );
  }
}

function outweighs(one: VexStatement, held: VexStatement): boolean {
  const later = (one.statedAt?.getTime() ?? 0) - (held.statedAt?.getTime() ?? 0);
  return later > 0 || (later === 0 && !excuses(one));
}

/** A vendor who does not say why a product is not affected has not looked (OpenVEX wants it, too). */
export function excuses({ status, justification, impact }: VexStatement): boolean {
  return (
    status === 'fixed' ||
    (status === 'not_affected' && (justification !== undefined || impact !== undefined))
  );
}
