import { Failure } from '../failure/Failure.ts';
import type { HttpResponse } from '../http/request.ts';
import { oneLine } from '../log/oneLine.ts';
import { plainText } from '../log/sanitize.ts';

/** A registry that lets this runner's address not in, to anything. */
export function explainFirewall(registry: string, response: HttpResponse): Failure {
  const { message } = firstError(response);
  return new Failure({
    what: `The firewall of ${registry} does not let this runner in.`,
    why: message === undefined ? undefined : `It says: ${oneLine(message, 300)}`,
    remedy:
      'Allow the address of this runner in the networking of the registry, or use a runner inside of its network.',
    details: said(response),
  });
}

/** The host answers, but not as a registry of Azure's. */
export function noAcr(registry: string, response: HttpResponse): Failure {
  return new Failure({
    what: `${registry} does not log in as an Azure Container Registry does (status ${response.status}).`,
    remedy:
      'Check the host in `image`; for another registry give `username` and `password` in place of the `azure-*` inputs.',
    details: said(response),
  });
}

/** What a registry answered, for details. */
export function said(response: HttpResponse): string {
  return plainText(response.body.toString()).slice(0, 2000);
}

function firstError(response: HttpResponse): { message?: string } {
  try {
    const { errors } = JSON.parse(response.body.toString()) as { errors?: { message?: string }[] };
    return errors?.[0] ?? {};
  } catch {
    return {};
  }
}
