import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { type AzureLogin, isAzure } from '../../../../shared/action/login/RegistryLogin.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { isLoopback } from '../../../../shared/oci/registryAddress.ts';
import { nearest } from '../../../../shared/text/nearest.ts';
import type { Inputs } from '../inputs.ts';
import { isAddress } from './readContext.ts';
import { type RegistryPath, readRegistryPath } from './registryPath.ts';

/** Where ACR tasks build, and as whom they are asked to. */
export interface TasksWish extends RegistryPath {
  readonly login: AzureLogin;
  readonly agentPool: string | undefined;
  readonly cpu: number | undefined;
  readonly timeoutSeconds: number | undefined;
  /** ARM elsewhere than where the cloud has it. */
  readonly arm: string | undefined;
}

const form =
  'Write `acr-tasks://SUBSCRIPTION/RESOURCE-GROUP`, or with `/REGISTRY` where its name is not the first part of its host.';
const knownOptions = ['agent-pool', 'cpu', 'timeout', 'arm'];

type Asked = Pick<Inputs, 'build' | 'login' | 'metadata' | 'name' | 'event'>;

/**
 * Reads `builder: acr-tasks://…`. What a task cannot do is told here, before anything is sent.
 *
 * @returns no wish for every other builder, nor where a task cannot be had
 */
export function readTasks(
  reader: InputReader,
  asked: Asked,
  { log }: Pick<Runner, 'log'>,
): { readonly build: Inputs['build']; readonly tasks: TasksWish | undefined } {
  const { build, login, name, event } = asked;
  const { builder = '' } = build;
  if (!/^acr-tasks\b/.test(builder)) return { build, tasks: undefined };
  if (event.restricted !== undefined) {
    log.notice('ACR builds for who can log in; this pull request is built on the runner instead.');
    return { build: { ...build, builder: undefined }, tasks: undefined };
  }
  for (const [what, remedy] of impossible(asked)) reader.conflict(`Input ${what}`, remedy);
  if (reader.has('annotations')) {
    reader.conflict(
      'Input annotations: ACR tasks set none.',
      'Give them as `labels`, or build by another builder.',
    );
  }
  const place = readRegistryPath(
    URL.parse(builder) ? builder.replace(/^acr-tasks:\/\//, '').replace(/\?.*$/s, '') : '',
    name?.registry,
  );
  if (place === undefined) {
    reader.conflict(`Input builder: ${JSON.stringify(builder)} does not name a registry.`, form);
  }
  const options = readOptions(reader, builder);
  const of = login.find((one) => one.registry === name?.registry);
  if (of === undefined || !isAzure(of)) {
    reader.conflict(
      'Input builder: ACR is asked by an identity of Azure, and none is given.',
      'Give `azure-client-id` and `azure-tenant-id`, with `id-token: write` under `permissions:`.',
    );
    return { build, tasks: undefined };
  }
  return { build, tasks: place && { login: of, ...place, ...options } };
}

function readOptions(
  reader: InputReader,
  builder: string,
): Pick<TasksWish, 'agentPool' | 'cpu' | 'timeoutSeconds' | 'arm'> {
  const query = new URLSearchParams(/\?(.*)$/s.exec(builder)?.[1] ?? '');
  for (const option of query.keys()) {
    if (knownOptions.includes(option)) continue;
    const meant = nearest(option, knownOptions);
    reader.conflict(
      `Input builder: ${JSON.stringify(option)} is not an option of acr-tasks.`,
      `${meant === undefined ? '' : `Did you mean ${meant}? `}There are ${knownOptions.join(', ')}.`,
    );
  }
  const number = (option: string) => {
    const text = query.get(option);
    if (text === null || /^[1-9]\d*$/.test(text)) return text === null ? undefined : Number(text);
    reader.conflict(`Input builder: ${option} is not a whole number.`, 'Write one, such as `4`.');
    return undefined;
  };
  const arm = query.get('arm') ?? undefined;
  const address = URL.parse(arm ?? 'https://arm');
  if (address?.protocol !== 'https:' && !(address && isLoopback(address.host))) {
    reader.conflict('Input builder: arm is not an https address.', 'Write it as `https://…`.');
  }
  return {
    agentPool: query.get('agent-pool') ?? undefined,
    cpu: number('cpu'),
    timeoutSeconds: number('timeout'),
    arm,
  };
}

/** What of the inputs a run of ACR tasks has no place for. */
function impossible({ build, metadata, name }: Asked): [what: string, remedy: string][] {
  const { passedOn, platforms, secrets, load, outputs, attestations, context } = build;
  const { target: _, 'no-cache': __, pull: ___, ...others } = passedOn ?? {};
  const elsewhere = metadata.tags.some((tag) => tag.registry !== name?.registry);
  const here = 'Leave it out, or build by another builder.';
  const found: [boolean, string, string][] = [
    [name === undefined, 'image is required with acr-tasks.', 'Add `image:` under `with:`.'],
    [
      (platforms?.length ?? 0) > 1,
      'platforms: a run of ACR tasks builds for one platform.',
      'Build each in a job of its own, and merge their digests by `merge` in a last one.',
    ],
    [
      (secrets?.length ?? 0) > 0,
      'secrets: ACR tasks have no secrets of BuildKit.',
      'Build by another builder; a secret as a build argument would stay in the image.',
    ],
    [load, 'load: an image of ACR tasks is in the registry only.', here],
    [(outputs?.length ?? 0) > 0, 'outputs: ACR tasks push, and do nothing else.', here],
    [
      (attestations.attests?.length ?? 0) > 0 ||
        [attestations.provenance, attestations.sbom].some((one) => one && one !== 'false'),
      'provenance, sbom or attests: ACR tasks attest nothing.',
      here,
    ],
    [
      elsewhere,
      'tags: a run of ACR tasks pushes to its own registry only.',
      'Copy it to the others by `promote`.',
    ],
    [
      context !== undefined && isAddress(context),
      'context: it is sent from here to ACR, so that it has to be a folder.',
      'Check the repository out, and name its folder.',
    ],
    ...Object.keys(others).map((input): [boolean, string, string] => [
      true,
      `${input}: ACR tasks have no such option.`,
      here,
    ]),
  ];
  return found.flatMap(([wrong, what, remedy]) => (wrong ? [[what, remedy]] : []));
}
