import { matchesPurl } from '../../purl/matchesPurl.ts';
import { parsePurl } from '../../purl/parsePurl.ts';
import { pathGlob } from '../../text/pathGlob.ts';
import type { Finding } from '../Finding.ts';
import { namesOf } from '../namesOf.ts';
import type { Waiver } from '../Waiver.ts';

/** A waiver, and what became of it. */
export interface WaiverUse {
  readonly waiver: Waiver;
  readonly ended: boolean;
  /** How many findings that would count it is about. */
  matched: number;
  /** How many of them the policy does not let it excuse. */
  refused: number;
}

type Entry = WaiverUse & { readonly isAbout: (finding: Finding) => boolean };

/** Waivers by their ids, so that 100,000 findings meet only those that can be theirs. */
export class WaiverIndex {
  readonly #entries: readonly Entry[];
  readonly #byId = new Map<string, Entry[]>();

  constructor(waivers: readonly Waiver[], now: Date) {
    this.#entries = waivers.map((waiver) => ({
      waiver,
      ended: waiver.expires.getTime() <= now.getTime(),
      matched: 0,
      refused: 0,
      isAbout: scopeOf(waiver),
    }));
    // Of several, one that somebody answers for is told; an ignore file comes last.
    const ordered = this.#entries.toSorted(
      (a, b) => Number(a.waiver.lacks !== undefined) - Number(b.waiver.lacks !== undefined),
    );
    for (const entry of ordered) {
      const id = entry.waiver.id.toUpperCase();
      const before = this.#byId.get(id);
      if (before === undefined) this.#byId.set(id, [entry]);
      else before.push(entry);
    }
  }

  get uses(): readonly WaiverUse[] {
    return this.#entries;
  }

  /**
   * The waiver that excuses a finding, if one does. All that are about it are noted as used.
   *
   * @param never whether the policy lets nobody waive it
   */
  find(finding: Finding, never: boolean): Waiver | undefined {
    let found: Waiver | undefined;
    if (this.#byId.size === 0) return undefined;
    for (const name of namesOf(finding)) {
      for (const entry of this.#byId.get(name) ?? []) {
        if (!entry.isAbout(finding)) continue;
        entry.matched++;
        if (never) entry.refused++;
        else if (!entry.ended) found ??= entry.waiver;
      }
    }
    return found;
  }
}

/** The cheapest question first; a scope that cannot be read is about nothing. */
function scopeOf({ kind, package: name, purl, path }: Waiver): (finding: Finding) => boolean {
  const meant = purl === undefined ? undefined : parsePurl(purl);
  if (purl !== undefined && meant === undefined) return () => false;
  const inPath = path === undefined ? undefined : pathGlob(path);
  return (finding) => {
    const { subject, lines } = finding;
    if (kind !== undefined && finding.kind !== kind) return false;
    if (name !== undefined && subject.name !== name) return false;
    if (inPath !== undefined) {
      const file = subject.path ?? lines?.file;
      if (file === undefined || !inPath(file)) return false;
    }
    if (meant === undefined) return true;
    const actual = parsePurl(subject.purl ?? '');
    return actual !== undefined && matchesPurl(meant, actual);
  };
}
