import { Failure } from '../failure/Failure.ts';
import type { HttpResponse } from '../http/request.ts';
import { plainText } from '../log/sanitize.ts';
import { formatReference, type Reference } from './Reference.ts';
import type { Access } from './RegistryRequest.ts';
import { readErrors } from './readErrors.ts';

/**
 * Tells in words what a registry's refusal means (error codes of the OCI distribution
 * specification).
 *
 * @param signedIn whether a credential was sent
 */
export function explainDenial(
  reference: Reference,
  response: HttpResponse,
  signedIn: boolean,
  access: Access = 'pull',
): Failure {
  const writes = access === 'pull,push';
  const name = formatReference(reference);
  const { registry, repository } = reference;
  const details = plainText(response.body.toString()).slice(0, 2000);
  const code = readErrors(response)[0]?.code;
  if (response.status === 404 && code === 'NAME_UNKNOWN') {
    return new Failure({
      what: `${registry} has no repository ${repository}.`,
      remedy: 'Check the name; some registries also answer so to those who may not see it.',
      details,
    });
  }
  if (response.status === 404) {
    return new Failure({
      what: `${name} does not exist.`,
      remedy: 'Check the tag or digest, and that the step that pushes it ran before this one.',
      details,
    });
  }
  if (response.status === 401) {
    return new Failure({
      what: `${registry} wants a login to ${writes ? 'write' : 'read'} ${repository}.`,
      why: signedIn
        ? 'It did not accept the credential that was sent.'
        : 'No credential is known here.',
      remedy: `Log in to ${registry} in an earlier step of this job.`,
      details,
    });
  }
  if (response.status === 403) {
    return new Failure({
      what: `${registry} refuses to let ${repository} be ${writes ? 'written' : 'read'}.`,
      why: code === undefined ? 'A firewall may answer so, too.' : `It says ${code}.`,
      remedy: `Give this identity the right to ${writes ? 'push to' : 'pull from'} the repository.`,
      details,
    });
  }
  return new Failure({
    what: `${registry} answered ${response.status} for ${name}.`,
    remedy:
      response.status === 429
        ? 'The registry limits requests: log in, or try again later.'
        : 'Try again later; if it stays, look at the state of the registry.',
    details,
  });
}
