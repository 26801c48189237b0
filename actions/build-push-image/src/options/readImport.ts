import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { type AzureLogin, isAzure } from '../../../../shared/action/login/RegistryLogin.ts';
import type { Login } from '../../../../shared/action/login/readLogin.ts';
import type { PinnedReference } from '../../../../shared/oci/Reference.ts';
import { isLoopback } from '../../../../shared/oci/registryAddress.ts';
import { parseLines } from './parseList.ts';
import type { Named } from './readNamed.ts';
import { type RegistryPath, readRegistryPath } from './registryPath.ts';

/** A registry of Azure that copies an image from another one, and as whom it is asked to. */
export interface ImportWish {
  readonly login: AzureLogin;
  readonly target: RegistryPath;
  /** Where ARM finds the source; `undefined` where it is read by its host. */
  readonly source: RegistryPath | undefined;
  /** ARM elsewhere than where the cloud has it. */
  readonly arm: string | undefined;
}

const form =
  'Write `SUBSCRIPTION/RESOURCE-GROUP`, or with `/REGISTRY` where its name is not the first part of its host; a second line is that of the source.';

/** Reads `acr-import`. */
export async function readImport(
  reader: InputReader,
  asked: {
    readonly named: Pick<Named, 'name'>;
    readonly from: PinnedReference | undefined;
    readonly login: Login;
  },
): Promise<ImportWish | undefined> {
  const lines = await reader.optional('acr-import', parseLines);
  if (lines === undefined) return undefined;
  const [first = '', second, ...more] = lines;
  const [path = '', query = ''] = first.split('?');
  const host = asked.named.name?.registry;
  const target = readRegistryPath(path, host);
  const source = second === undefined ? undefined : readRegistryPath(second, asked.from?.registry);
  const isWrong = target === undefined || (second !== undefined && source === undefined);
  if (isWrong || more.length > 0) {
    reader.conflict('Input acr-import: does not name a registry.', form);
  }
  const arm = new URLSearchParams(query).get('arm') ?? undefined;
  const address = URL.parse(arm ?? 'https://arm');
  if (address?.protocol !== 'https:' && !(address && isLoopback(address.host))) {
    reader.conflict('Input acr-import: arm is not an https address.', 'Write it as `https://…`.');
  }
  const login = asked.login.find((one) => one.registry === host);
  if (login === undefined || !isAzure(login)) {
    reader.conflict(
      'Input acr-import: ACR is asked by an identity of Azure, and none is given.',
      'Give `azure-client-id` and `azure-tenant-id`, with `id-token: write` under `permissions:`.',
    );
    return undefined;
  }
  return target && { login, target, source, arm };
}
