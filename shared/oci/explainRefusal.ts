import { Failure, type FailureParts } from '../failure/Failure.ts';
import type { HttpResponse } from '../http/request.ts';
import { plainText } from '../log/sanitize.ts';
import { isPassingAnswer, Passing, passingAnswer } from './Passing.ts';
import { formatReference, type Reference } from './Reference.ts';
import { readErrors } from './readErrors.ts';

/** What was tried when the registry refused, as a sentence has it. */
export type Deed = 'push to' | 'delete from';

/** The registry does not have what the manifest names: it has to be sent again. */
export class BlobUnknown extends Failure {}

/** The registry may not be written to by this identity, or by anybody from here: no other try helps. */
export class Denied extends Failure {}

interface Told {
  readonly registry: string;
  readonly repository: string;
  readonly name: string;
  readonly deed: Deed;
  readonly signedIn: boolean;
  readonly said: string | undefined;
  readonly azure: boolean;
}

interface Meaning {
  readonly when: (status: number, code: string | undefined, text: string) => boolean;
  readonly explain: (told: Told) => FailureParts;
}

const says = (said: string | undefined) =>
  said === undefined ? undefined : `It says: ${said.replace(/\.$/, '')}.`;

/** Most telling first. Registries differ in the status more than in the words. */
const meanings: readonly Meaning[] = [
  {
    when: (status, _code, text) =>
      status === 507 || /quota|storage limit|insufficient storage/i.test(text),
    explain: ({ registry, repository, said }) => ({
      what: `${registry} takes nothing more for ${repository}: its quota is used up.`,
      why: says(said),
      remedy: 'Remove old images (`retention`), or raise the quota of the registry.',
    }),
  },
  {
    when: (_status, code, text) =>
      code === 'NAME_INVALID' || /invalid repository name|repository name not valid/i.test(text),
    explain: ({ registry, repository, said }) => ({
      what: `${registry} does not take ${repository} as a repository's name.`,
      why: says(said),
      remedy: 'Correct the name; registries differ in the depth and the characters they allow.',
    }),
  },
  {
    when: (_status, _code, text) => /client with IP|not allowed access|firewall/i.test(text),
    explain: ({ registry, said }) => ({
      what: `${registry} is closed to this runner by its firewall.`,
      why: says(said),
      remedy: "Add the runner's address to the registry's network rules, or use a runner inside.",
    }),
  },
  {
    when: (_status, _code, text) => /disallowed|immutable|locked|read-?only/i.test(text),
    explain: ({ name, said }) => ({
      what: `${name} is locked: it may be read, not changed.`,
      why: says(said),
      remedy: 'Use another tag, or unlock the tag or repository.',
    }),
  },
  {
    when: (status, code) => status === 405 || code === 'UNSUPPORTED',
    explain: ({ registry, deed, said }) => ({
      what: `${registry} does not let anybody ${deed} it.`,
      why: says(said),
      remedy:
        deed === 'delete from'
          ? 'Allow deletion in the configuration of the registry.'
          : 'It may be a mirror: push to the registry that it mirrors.',
    }),
  },
  {
    when: (status, code) => status === 404 || code === 'NAME_UNKNOWN',
    explain: ({ registry, repository, said }) => ({
      what: `${registry} has no repository ${repository}.`,
      why: says(said),
      remedy:
        'Check the name; where the registry does not make repositories by itself, make it first.',
    }),
  },
  {
    when: (status, code) => status === 401 || status === 403 || code === 'DENIED',
    explain: ({ registry, repository, deed, signedIn, said, azure }) => ({
      what: `${registry} does not let ${signedIn ? 'this identity' : 'us'} ${deed} ${repository}.`,
      why: signedIn ? says(said) : 'No credential is known here.',
      remedy: signedIn
        ? `Give it ${permission(deed, azure)}.`
        : `Log in to ${registry} in an earlier step of this job.`,
    }),
  },
];

function permission(deed: Deed, azure: boolean): string {
  if (!azure) return `the right to ${deed === 'push to' ? 'push (write)' : 'delete'} there`;
  return deed === 'push to'
    ? 'the role AcrPush, or Container Registry Repository Writer where the registry has permissions by repository (ABAC)'
    : 'the role AcrDelete, or Container Registry Repository Contributor where the registry has permissions by repository (ABAC)';
}

/**
 * Tells in words what an answer to a push or a deletion means, and whether another try may help.
 *
 * @param signedIn whether a credential was sent
 * @returns a {@link Passing} for what may pass, a {@link BlobUnknown} for what has to be sent again, a
 *   {@link Denied} for a right that is missing
 */
export function explainRefusal(
  reference: Reference,
  response: Pick<HttpResponse, 'status' | 'headers' | 'body'>,
  { deed, signedIn }: { readonly deed: Deed; readonly signedIn: boolean },
): Failure {
  const { status, headers } = response;
  const [error] = readErrors(response);
  const details = plainText(response.body.toString()).slice(0, 2000);
  const text = `${error?.code ?? ''} ${error?.message ?? ''} ${error === undefined ? details : ''}`;
  const name = formatReference(reference);
  const asked = `${deed === 'push to' ? 'The push of' : 'The deletion of'} ${name}`;
  if (isPassingAnswer(response)) return passingAnswer(asked, response);
  if (/BLOB_UNKNOWN/.test(error?.code ?? '') || /blob unknown/i.test(text)) {
    return new BlobUnknown({
      what: `${reference.registry} does not know a blob of ${name}.`,
      remedy: 'Push the image again.',
      details,
    });
  }
  if (status === 416 || /^(?:BLOB_UPLOAD_|RANGE_INVALID)/.test(error?.code ?? '')) {
    const what = `${reference.registry} has lost what was sent so far of ${name}.`;
    return new Passing({ what, remedy: 'Run the job again.', details });
  }
  if (error?.code === 'DIGEST_INVALID' || error?.code === 'SIZE_INVALID') {
    const what = `${reference.registry} received other content than was sent of ${name}.`;
    return new Passing(
      {
        what,
        remedy: 'A proxy between here and there changes what is sent; go round it.',
        details,
      },
      { atMost: 3 },
    );
  }
  const told: Told = {
    ...{ registry: reference.registry, repository: reference.repository, name, deed, signedIn },
    said: error?.message ?? error?.code,
    azure: isAzure(reference.registry, headers),
  };
  const meaning = meanings.find(({ when }) => when(status, error?.code, text));
  const denies = [401, 403, 405].includes(status) || error?.code === 'DENIED';
  return new (denies ? Denied : Failure)({
    ...(meaning?.explain(told) ?? {
      what: `${asked} was answered with ${status}.`,
      why: says(told.said),
      remedy: 'Look at what the registry says in the details.',
    }),
    details,
  });
}

/** By its name, or by where it sends for a token. */
function isAzure(registry: string, headers: HttpResponse['headers']): boolean {
  const challenge = String(headers['www-authenticate'] ?? '');
  return /\.azurecr\.(?:io|cn|us)$/.test(registry) || challenge.includes('/oauth2/token"');
}
