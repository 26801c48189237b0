import { bareName } from '../text/bareName.ts';
import { wildcard } from '../text/wildcard.ts';
import { denies } from './deniesLicense.ts';
import type { Finding } from './Finding.ts';
import type { Inspection, Package } from './Inspection.ts';
import type { DeniedPackage, Policy } from './Policy.ts';

type Seen = Pick<Inspection, 'findings' | 'system' | 'packages'>;

/** What the policy denies is as bad as the policy says: it counts whatever severities are chosen. */
const severity = 'HIGH';

/**
 * What the policy objects to though no scanner does: an operating system without further fixes,
 * packages and licenses that are denied. A scanner's own finding of a denied license is not told twice.
 */
export function policyFindings(
  { findings, system, packages = [] }: Seen,
  policy: Policy,
): Finding[] {
  const { endOfLife, denyPackages = [], denyLicenses = [] } = policy;
  const made: Finding[] = [];
  if (endOfLife === 'deny' && system?.endOfLife) made.push(ended(system));
  if (denyPackages.length === 0 && denyLicenses.length === 0) return made;
  const packagePatterns = denyPackages.map(compile);
  const denied = denies(denyLicenses);
  const told = new Set(findings.filter(({ kind }) => kind === 'license').map(licenseKey));
  for (const one of packages) {
    const because = packagePatterns.find(({ matches }) => matches(one));
    if (because !== undefined) made.push(deniedPackage(one, because.reason));
    // Several licenses of a package all have to be kept; a choice is one expression.
    for (const id of new Set(one.licenses.filter(denied))) {
      const finding = deniedLicense(one, id);
      if (!told.has(licenseKey(finding))) made.push(finding);
    }
  }
  return made;
}

/** Whether a scanner's finding of a license is one that the policy denies. */
export function deniesFinding({ denyLicenses = [] }: Policy): (finding: Finding) => boolean {
  const denied = denies(denyLicenses);
  return ({ kind, id }) => kind === 'license' && denied(id);
}

function compile({ name, purl, reason }: DeniedPackage) {
  const byName = name === undefined ? undefined : wildcard(name);
  const byPurl = purl === undefined ? undefined : wildcard(purl);
  const matches = (one: Package) => {
    if (byName !== undefined && !byName(one.name)) return false;
    if (byPurl === undefined) return byName !== undefined;
    const [whole = ''] = (one.purl ?? '').split(/[?#]/, 1);
    return byPurl(whole) || byPurl(bareName(whole));
  };
  return { matches, reason };
}

function ended({ family, name }: NonNullable<Seen['system']>): Finding {
  return {
    kind: 'end-of-life',
    id: 'end-of-life',
    severity,
    title: 'The operating system gets no more fixes.',
    subject: { name: family, version: name, purl: undefined, path: undefined },
    fix: undefined,
    url: undefined,
  };
}

function deniedPackage({ name, version, purl, path }: Package, reason: string): Finding {
  return {
    kind: 'denied-package',
    id: 'denied-package',
    severity,
    title: reason,
    subject: { name, version, purl, path },
    fix: undefined,
    url: undefined,
  };
}

function deniedLicense({ name, version, purl, path }: Package, id: string): Finding {
  return {
    kind: 'license',
    id,
    severity,
    title: 'The policy denies this license.',
    subject: { name, version, purl, path },
    fix: undefined,
    url: undefined,
  };
}

function licenseKey({ id, subject }: Finding): string {
  return JSON.stringify([id, subject.name, subject.path]);
}
