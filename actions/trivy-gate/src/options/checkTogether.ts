import type { InputReader } from '../../../../shared/action/InputReader.ts';
import type { Log } from '../../../../shared/log/Log.ts';
import { possibleScanners, type Scanner } from '../../../../shared/trivy/Target.ts';
import type { EvidenceInputs } from '../evidence/readEvidenceInputs.ts';
import type { Wanted } from './readTarget.ts';

type Kind = Wanted['kind'];

const inRegistry: readonly Kind[] = ['image', 'running'];
const ofImages: readonly Kind[] = ['image', 'archive', 'layout'];
const ofFiles: readonly Kind[] = ['filesystem', 'repository', 'config'];
const scanned: readonly Kind[] = [...ofImages, ...ofFiles, 'sbom', 'running'];

/** What an input is for, where that is not everything; others than these say what they are not for themselves. */
const meantFor: Readonly<Record<string, readonly Kind[]>> = {
  'scan-ref': [...ofFiles, 'sbom', 'report'],
  platform: [...ofImages, 'running'],
  namespaces: ['image', 'cluster', 'running'],
  kubeconfig: ['image', 'cluster', 'running'],
  'report-kinds': ['cluster'],
  'max-report-age': ['cluster', 'report'],
  registries: ['running'],
  scanners: [...scanned, 'report'],
  'pkg-types': scanned,
  'vuln-type': scanned,
  'skip-dirs': [...ofImages, ...ofFiles, 'running'],
  'skip-files': [...ofImages, ...ofFiles, 'running'],
  'file-patterns': scanned,
  'max-image-size': [...ofImages, 'running'],
  'include-dev-deps': ['filesystem', 'repository'],
  'tf-vars': ofFiles,
  database: scanned,
  'recommend-base': ofImages,
  dockerfile: [...ofImages, 'report', 'running'],
};

/**
 * What has no meaning for what is judged is not to be ignored silently: refused, where somebody would
 * believe what is not so, else a warning.
 */
export function checkTogether(
  reader: InputReader,
  { kind }: { readonly kind: Kind },
  scanners: readonly Scanner[] | undefined,
  { attest, reuse }: Pick<EvidenceInputs, 'attest' | 'reuse'>,
  log: Log,
): void {
  const type = reader.has('scan-type') && !reader.isWrong('scan-type');
  if (!type) return;
  const isImage = ofImages.includes(kind);
  if (reader.has('input') && !isImage) {
    reader.conflict(
      'Inputs input and scan-type: an image is given as a file, and this is no scan of an image.',
      'Leave out one of them.',
    );
  }
  if (reader.has('input') && isImage && (reader.has('image') || reader.has('image-ref'))) {
    reader.conflict(
      'Inputs image and input name two images, and one is judged.',
      'Leave out one of them.',
    );
  }
  for (const [name, given] of [
    ['attest', attest === 'true' && 'true'],
    ['reuse', reuse && 'on'],
  ] as const) {
    if (given === false || inRegistry.includes(kind)) continue;
    reader.conflict(
      `Input ${name} is \`${given}\`, and what is judged is no image of a registry: no evidence can be kept with it.`,
      `Leave ${name} out, or judge the pushed image by its digest.`,
    );
  }
  const impossible = (scanners ?? []).filter((scanner) => !canFind(kind, scanner));
  if (impossible.length > 0) {
    reader.conflict(
      `Inputs scanners and scan-type: Trivy cannot look for ${impossible.join(', ')} in ${kind === 'sbom' ? 'an SBOM' : 'configuration'}.`,
      kind === 'sbom'
        ? `Leave ${impossible.join(', ')} out.`
        : `Leave ${impossible.join(', ')} out; scan-type \`fs\` looks for all of it.`,
    );
  }
  if (kind === 'cluster' && reader.has('baseline')) {
    reader.conflict(
      'Input baseline: the reports of a cluster are not compared with anything.',
      'Leave baseline out.',
    );
  }
  for (const [name, kinds] of Object.entries(meantFor)) {
    // trivy-action's own default.
    const isDefault =
      (name === 'scan-ref' && reader.is(name, '.')) ||
      (name === 'recommend-base' && reader.is(name, 'false'));
    if (kinds.includes(kind) || isDefault || !reader.has(name)) continue;
    log.warning(`Input ${name} has no effect: it is not for what is judged here (${kind}).`);
  }
}

function canFind(kind: Kind, scanner: Scanner): boolean {
  return kind === 'cluster' || kind === 'running' || possibleScanners({ kind }).includes(scanner);
}
