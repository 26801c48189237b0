import { oneLine } from '../log/oneLine.ts';
import type { Effects } from './Effects.ts';
import { type EntraRefusal, explainEntraRefusal } from './explainEntraRefusal.ts';
import { readClaims } from './readClaims.ts';
import { readFields } from './readFields.ts';

/** What shows that we are the application: a token of an issuer that it trusts, or its secret. */
export type Proof = { readonly assertion: string } | { readonly secret: string };

export interface Application {
  /** Where Entra is, without a path. */
  readonly authority: string;
  readonly tenant: string;
  readonly clientId: string;
  /** Asked again when Entra says that the assertion has expired. */
  readonly proof: () => Promise<Proof>;
}

const expiredAssertion = 700024;
const unknownResource = 500011;

/**
 * An access token of Entra's by the client-credentials grant, for the first of these resources that
 * the tenant knows.
 *
 * @throws {Failure} that tells the refusals apart, with what was sent and without any token
 */
export async function requestEntraToken(
  application: Application,
  resources: readonly string[],
  effects: Effects,
): Promise<string> {
  const { clientId, tenant, authority } = application;
  const others = [...resources];
  let resource = others.shift() ?? '';
  let proof = await application.proof();
  let mintedAgain = false;
  for (;;) {
    const answer = await ask(application, proof, resource, effects);
    if ('token' in answer) return answer.token;
    const { refusal } = answer;
    if (refusal.code === expiredAssertion && !mintedAgain && 'assertion' in proof) {
      effects.log.info("The job's id token has expired; it is asked for again.");
      proof = await application.proof();
      mintedAgain = true;
    } else if (refusal.code === unknownResource && others.length > 0) {
      resource = others.shift() ?? '';
    } else {
      throw explainEntraRefusal(refusal, {
        ...{ authority, tenant, clientId, resource },
        claims: 'assertion' in proof ? readClaims(proof.assertion) : undefined,
      });
    }
  }
}

type Answer = { readonly token: string } | { readonly refusal: EntraRefusal };

async function ask(
  { authority, tenant, clientId }: Application,
  proof: Proof,
  resource: string,
  { http, mask, signal }: Effects,
): Promise<Answer> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    scope: `${resource}/.default`,
    ...('secret' in proof
      ? { client_secret: proof.secret }
      : {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: proof.assertion,
        }),
  });
  const { status, body } = await http({
    method: 'POST',
    url: `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    // Asking twice for a token changes nothing.
    repeatable: true,
    signal,
  });
  const text = body.toString();
  const fields = readFields(text);
  const token = fields.access_token;
  if (status === 200 && typeof token === 'string') {
    mask(token);
    return { token };
  }
  const description =
    typeof fields.error_description === 'string' ? fields.error_description : oneLine(text, 500);
  return { refusal: { status, code: readCode(fields, description), description } };
}

/** The number behind `AADSTS`. */
function readCode(
  fields: Readonly<Record<string, unknown>>,
  description: string,
): number | undefined {
  const [first] = Array.isArray(fields.error_codes) ? fields.error_codes : [];
  if (typeof first === 'number') return first;
  const [, digits] = /AADSTS(\d+)/.exec(description) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
