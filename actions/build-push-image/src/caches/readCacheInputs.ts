import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { oneOf, text } from '../../../../shared/action/parsers.ts';
import { defaultLimit, parseSize } from './mounts/parseSize.ts';
import { type CacheMode, cacheModes } from './planCache.ts';

/** How caches are signed; `undefined` when they are not. */
export type SigningInputs =
  | {
      readonly by: 'key';
      /** Secret; absent where it may only be checked (pull requests of forks have no secrets). */
      readonly key: string | undefined;
      readonly publicKeys: readonly string[];
    }
  | {
      readonly by: 'identity';
      readonly fulcioUrl: string;
      readonly timestampUrl: string;
      readonly trustedRoot: unknown;
    };

export interface CacheInputs {
  readonly mode: CacheMode | undefined;
  readonly persistMounts: boolean;
  readonly mountsLimitBytes: number;
  readonly signing: SigningInputs | undefined;
}

const sigstore = {
  fulcio: 'https://fulcio.sigstore.dev',
  timestamps: 'https://timestamp.sigstore.dev/api/v1/timestamp',
} as const;

/** Reads what is said of caches, `cache-from` and `cache-to` aside, which buildx gets as they are. */
export async function readCacheInputs(
  reader: InputReader,
  workspace: string,
): Promise<CacheInputs> {
  return {
    mode: await reader.optional('cache', oneOf(cacheModes, 'a kind of cache')),
    persistMounts:
      (await reader.optional('cache-mounts', oneOf(['persist', 'off'], 'a way with mounts'))) ===
      'persist',
    mountsLimitBytes:
      (await reader.optional('cache-mounts-limit', parseSize)) ?? parseSize(defaultLimit),
    signing: await readSigning(reader, workspace),
  };
}

async function readSigning(
  reader: InputReader,
  workspace: string,
): Promise<SigningInputs | undefined> {
  const by = await reader.optional(
    'cache-signing',
    oneOf(['key', 'keyless', 'off'], 'a way to sign'),
  );
  const key = await reader.secret('cache-signing-key', privateKey);
  const publicKeys = await reader.optional('cache-signing-public-keys', pemKeys);
  const fulcioUrl = await reader.optional('fulcio-url', address);
  const timestampUrl = await reader.optional('timestamp-url', address);
  const trustedRoot = await reader.optional('trusted-root', jsonFile(workspace));
  if (by === 'key') {
    if (key === undefined && publicKeys === undefined) {
      reader.conflict(
        'Input cache-signing is `key`, and no key was given.',
        'Give `cache-signing-key`, or `cache-signing-public-keys` where caches are only read.',
      );
    }
    return { by: 'key', key, publicKeys: publicKeys ?? [] };
  }
  if (by !== 'keyless') return undefined;
  if (trustedRoot === undefined) {
    reader.conflict(
      'Input cache-signing is `keyless`, and no authorities are named.',
      'Give the path of a file of `cosign trusted-root create` in `trusted-root`.',
    );
  }
  return {
    by: 'identity',
    fulcioUrl: fulcioUrl ?? sigstore.fulcio,
    timestampUrl: timestampUrl ?? sigstore.timestamps,
    trustedRoot,
  };
}

/** Judged here, so that a wrong one is an error of the input before anything is built. */
const privateKey: Parse<string> = async (given) => {
  const { publicKeyOf } = await import('../../../../shared/evidence/keySigner.ts');
  try {
    publicKeyOf(given);
    return given;
  } catch {
    throw new InputProblem(
      'is not an ECDSA key on P-256 in PEM',
      'Make one by `openssl ecparam -name prime256v1 -genkey -noout`, and keep it as a secret.',
    );
  }
};

const pemKeys: Parse<readonly string[]> = (given) => {
  const found = given.match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g);
  if (found !== null) return found;
  throw new InputProblem('holds no public key', 'Write them in PEM, one below the other.');
};

const address: Parse<string> = (given) => {
  const found = text(given) as string;
  if (/^https?:\/\//.test(found) && URL.canParse(found)) return found;
  throw new InputProblem('is not an address', 'Write it as `https://…`.');
};

function jsonFile(workspace: string): Parse<unknown> {
  return async (given) => {
    try {
      return JSON.parse(await readFile(resolve(workspace, given.trim()), 'utf8'));
    } catch {
      throw new InputProblem('is not a file of JSON', 'Write its path in the workspace.');
    }
  };
}
