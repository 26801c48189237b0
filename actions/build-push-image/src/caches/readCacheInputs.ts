import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { oneOf } from '../../../../shared/action/parsers.ts';
import {
  address,
  jsonFile,
  publicKeys,
  signingKey,
} from '../../../../shared/action/signingParsers.ts';
import { publicSigstore } from '../../../../shared/evidence/publicSigstore.ts';
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
  const key = await reader.secret('cache-signing-key', signingKey);
  const pems = await reader.optional('cache-signing-public-keys', publicKeys);
  const fulcioUrl = await reader.optional('fulcio-url', address);
  const timestampUrl = await reader.optional('timestamp-url', address);
  const trustedRoot = await reader.optional('trusted-root', jsonFile(workspace));
  if (by === 'key') {
    if (!reader.has('cache-signing-key') && !reader.has('cache-signing-public-keys')) {
      reader.conflict(
        'Input cache-signing is `key`, and no key was given.',
        'Give `cache-signing-key`, or `cache-signing-public-keys` where caches are only read.',
      );
    }
    return { by: 'key', key, publicKeys: pems ?? [] };
  }
  if (by !== 'keyless') return undefined;
  if (!reader.has('trusted-root')) {
    reader.conflict(
      'Input cache-signing is `keyless`, and no authorities are named.',
      'Give the path of a file of `cosign trusted-root create` in `trusted-root`.',
    );
  }
  return {
    by: 'identity',
    fulcioUrl: fulcioUrl ?? publicSigstore.fulcio,
    timestampUrl: timestampUrl ?? publicSigstore.timestamps,
    trustedRoot,
  };
}
