import { resolve } from 'node:path';
import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { boolean, lines, oneOf, text } from '../../../../shared/action/parsers.ts';
import type { Reference } from '../../../../shared/oci/Reference.ts';
import type { ScanOptions } from '../../../../shared/trivy/ScanOptions.ts';
import { sizeInBytes } from '../../../../shared/trivy/sizeInBytes.ts';
import { type Scanner, scanners } from '../../../../shared/trivy/Target.ts';
import { reference } from './readTarget.ts';

/** How it is looked. */
export interface ScanInputs {
  readonly scanners: readonly Scanner[] | undefined;
  readonly options: ScanOptions;
  /** In the order in which they are tried. */
  readonly databases: readonly Reference[];
  /** A database on this machine, which goes before all others. */
  readonly database: string | undefined;
}

/** Reads what is looked for, and by what knowledge. */
export async function readScanInputs(reader: InputReader, workspace: string): Promise<ScanInputs> {
  const file: Parse<string> = (given) => resolve(workspace, given.trim());
  const files = list((given) => resolve(workspace, given));
  const optional: InputReader['optional'] = (name, parse) => reader.optional(name, parse);
  const packageTypes = list(oneOf(['os', 'library'] as const, 'a kind of packages'));
  const options: ScanOptions = {
    skipDirs: (await optional('skip-dirs', list(String))) ?? [],
    skipFiles: (await optional('skip-files', list(String))) ?? [],
    ...given(
      'packageTypes',
      await optional(aliased(reader, 'pkg-types', 'vuln-type'), packageTypes),
    ),
    ...given('filePatterns', await optional('file-patterns', lines(String))),
    ...given('devDependencies', await optional('include-dev-deps', boolean)),
    ...given('misconfigScanners', await optional('misconfig-scanners', list(String))),
    ...given('checks', await optional('config-check', files)),
    ...given('checkNamespaces', await optional('check-namespaces', list(String))),
    ...given('terraformVariables', await optional('tf-vars', files)),
    ...given('skipDownloadedModules', await optional('tf-exclude-downloaded-modules', boolean)),
    ...given('helmValues', await optional('helm-values', files)),
    ...given('helmSet', await optional('helm-set', lines(String))),
    ...given('kubernetesVersion', await optional('k8s-version', text)),
    ...given('secretConfig', await optional('secret-config', file)),
    ...given('licenseFull', await optional('license-full', boolean)),
    ...given('maxImageSize', await optional('max-image-size', size)),
    ...given('offline', await optional('offline-scan', boolean)),
  };
  return {
    scanners: await optional('scanners', scannerList),
    options,
    databases: await reader.required('db-repository', databaseList),
    database: await optional('database', file),
  };
}

/** The name under which an input was given; both at once do not go together. */
function aliased(reader: InputReader, name: string, other: string): string {
  if (!reader.has(other)) return name;
  if (reader.has(name)) {
    reader.conflict(`Inputs ${name} and ${other} are the same.`, `Leave ${other} out.`);
  }
  return other;
}

function given<K extends keyof ScanOptions>(key: K, value: ScanOptions[K] | undefined) {
  return value === undefined ? {} : { [key]: value };
}

/** By comma or one a line. */
function list<T>(parse: (word: string) => T): Parse<readonly Awaited<T>[]> {
  return async (text) => {
    const words = text
      .split(/[,\n]/)
      .map((word) => word.trim())
      .filter((word) => word !== '' && !word.startsWith('#'));
    return Promise.all(words.map((word) => parse(word)));
  };
}

const scannerList: Parse<readonly Scanner[]> = async (given) => {
  const wanted = await list(oneOf(scanners, 'what Trivy looks for'))(given);
  if (wanted.length > 0) return [...new Set(wanted)];
  throw new InputProblem('names no scanner', 'Write vuln, for example.');
};

const size: Parse<string> = (given) => {
  const text = given.trim();
  if (sizeInBytes(text) !== undefined) return text;
  throw new InputProblem('is not a size', 'Write 10GB, for example.');
};

const databaseList: Parse<readonly Reference[]> = async (given) => {
  const found = await lines(reference)(given);
  if (found.length > 0) return found;
  throw new InputProblem('names no repository', 'Write one a line.');
};
