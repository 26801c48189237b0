import { Failure, type FailureParts } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { plainText } from '../log/sanitize.ts';
import type { Claims } from './readClaims.ts';

export interface EntraRefusal {
  readonly status: number;
  /** The number behind `AADSTS`, where there was one. */
  readonly code: number | undefined;
  readonly description: string;
}

/** What Entra was told, without secrets. */
export interface Sent {
  readonly authority: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly resource: string;
  /** Of the assertion; `undefined` when a secret was sent. */
  readonly claims: Claims | undefined;
}

type Explain = (sent: Sent) => Pick<FailureParts, 'what' | 'why' | 'remedy'>;

const tenantNotFound: Explain = ({ tenant, authority }) => ({
  what: `Entra knows no tenant ${oneLine(tenant)}.`,
  why: `It was asked at ${authority}.`,
  remedy:
    'Correct `azure-tenant-id`, and `azure-cloud` when the registry is in a national cloud under another name.',
});

/** No federated credential of the application fits; `part` is what Entra says does not. */
function noMatch(part: 'issuer' | 'subject' | 'audience' | undefined): Explain {
  return ({ clientId, claims = {} }) => ({
    what:
      part === 'audience'
        ? `The application ${oneLine(clientId)} trusts this job's subject, but for another audience than ${quoted(claims.aud)}.`
        : `The application ${oneLine(clientId)} has no federated credential for this job.`,
    why: `The job's id token says issuer ${quoted(claims.iss)}, subject ${quoted(claims.sub)}, audience ${quoted(claims.aud)}${part === undefined ? '' : `; Entra finds none with this ${part}`}.`,
    remedy:
      'Add a federated credential with these three values to the application (or the user-assigned identity); they are compared letter by letter.',
  });
}

/** By AADSTS code (learn.microsoft.com, "Microsoft Entra authentication and authorization error codes"). */
const meanings: Readonly<Record<number, Explain>> = {
  90002: tenantNotFound,
  900021: tenantNotFound,
  900023: tenantNotFound,
  700016: ({ clientId, tenant }) => ({
    what: `The tenant ${oneLine(tenant)} has no application ${oneLine(clientId)}.`,
    remedy:
      'Correct `azure-client-id` (the application id, not an object id) and `azure-tenant-id`.',
  }),
  7000112: ({ clientId }) => ({
    what: `The application ${oneLine(clientId)} is disabled.`,
    remedy: 'Enable its service principal in Entra.',
  }),
  70021: noMatch(undefined),
  70025: noMatch(undefined),
  700211: noMatch('issuer'),
  700212: noMatch('audience'),
  700213: noMatch('subject'),
  700024: ({ claims }) => ({
    what: "Entra takes the job's id token for expired, although it was newly made.",
    why:
      claims?.exp === undefined
        ? undefined
        : `It is good until ${new Date(claims.exp * 1000).toISOString()}.`,
    remedy: 'Run the job again; if it stays, compare the clocks of the id token issuer and Entra.',
  }),
  700027: ({ claims }) => ({
    what: "Entra could not check the signature of the job's id token.",
    why: `It fetches the keys of issuer ${quoted(claims?.iss)} from the internet.`,
    remedy: 'Check that the issuer is reachable for Entra and that it is the one that is meant.',
  }),
  7000215: ({ clientId }) => ({
    what: `The client secret is not one of the application ${oneLine(clientId)}.`,
    remedy:
      "Give the secret's value in `azure-client-secret`, not its id; or leave it out and log in by OIDC, which needs no secret.",
  }),
  7000222: ({ clientId }) => ({
    what: `The client secret of the application ${oneLine(clientId)} has expired.`,
    remedy: 'Log in by OIDC, which needs no secret, or make a new one.',
  }),
  500011: ({ resource, tenant }) => ({
    what: `The tenant ${oneLine(tenant)} does not know the resource ${resource}.`,
    remedy:
      'Check `azure-cloud`; in a tenant that never had a registry, the resource provider Microsoft.ContainerRegistry has to be registered first.',
  }),
  53003: ({ clientId }) => ({
    what: `A conditional-access policy keeps the application ${oneLine(clientId)} from logging in here.`,
    remedy: "Ask the tenant's administrator to allow it from this runner's network.",
  }),
};

/** Says what a refusal of Entra's token endpoint means and what was sent; never a token or secret. */
export function explainEntraRefusal(refusal: EntraRefusal, sent: Sent): Failure {
  const meaning = refusal.code === undefined ? undefined : meanings[refusal.code];
  const said = oneLine(refusal.description, 300);
  return new Failure({
    ...(meaning?.(sent) ?? {
      what: `Entra refused the login of the application ${oneLine(sent.clientId)} (status ${refusal.status}).`,
      why: said === '' ? undefined : `It says: ${said}`,
      remedy: 'Its code is explained at https://login.microsoftonline.com/error.',
    }),
    details: `${whatWasSent(sent)}\n\n${plainText(refusal.description).slice(0, 2000)}`,
  });
}

function whatWasSent({ authority, tenant, clientId, resource, claims }: Sent): string {
  const fields = {
    ...{ authority, tenant, clientId, resource },
    ...(claims && { issuer: claims.iss, subject: claims.sub, audience: claims.aud }),
  };
  // As JSON, so that a branch's name cannot pretend to be anything else.
  return `What was sent: ${plainText(JSON.stringify(fields, undefined, 2))}`;
}

function quoted(value: string | readonly string[] | undefined): string {
  return value === undefined ? '(none)' : oneLine(JSON.stringify(value));
}
