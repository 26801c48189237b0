import type { Purl } from '../../purl/Purl.ts';
import { parsePurl } from '../../purl/parsePurl.ts';
import type { Affected, Component } from './CycloneDx.ts';
import type { VexProduct, VexStatus } from './VexStatement.ts';

/** What references are resolved by. */
export interface Bill {
  readonly serialNumber: string | undefined;
  /** The product that the document is about. */
  readonly root: Component | undefined;
  readonly purls: ReadonlyMap<string, string>;
}

/**
 * A reference is one of this document, a package URL, or a link into another bill of materials. What a
 * document says of a component, it says of it in the document's own product, and of no other.
 */
export function productOf(
  { ref, versions }: Affected,
  status: VexStatus,
  bill: Bill,
): VexProduct[] {
  const link = /^urn:cdx:(?<serial>[^/]+)\/[^#]*#(?<inner>.*)$/s.exec(ref)?.groups;
  const inner = link === undefined ? ref : decode(link.inner ?? '');
  const purl = parsePurl(bill.purls.get(inner) ?? inner);
  if (purl === undefined) return [];
  const meant = ofVersions(purl, versions, status);
  if (meant.length === 0) return [];
  const bom = link && `urn:uuid:${link.serial}`;
  if (bom !== undefined && bom !== bill.serialNumber) {
    return [{ purls: [], digests: [], bom, parts: meant }];
  }
  const { root } = bill;
  if (root === undefined || inner === root['bom-ref'] || inner === root.purl) {
    return [{ purls: meant, digests: [], parts: [] }];
  }
  const product = parsePurl(root.purl ?? '');
  return [{ purls: product === undefined ? [] : [product], digests: [], parts: meant }];
}

/**
 * The versions that the status is about. In the format, a version is an affected one where it is not
 * said; a range (`vers:`) is not understood, so nothing is excused by it.
 */
function ofVersions(purl: Purl, versions: Affected['versions'], status: VexStatus): Purl[] {
  if (versions.length === 0) return [purl];
  const isExcuse = status === 'not_affected' || status === 'fixed';
  return versions
    .filter((one) => one.version !== undefined && (one.status === 'unaffected') === isExcuse)
    .map(({ version }) => ({ ...purl, version }));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
