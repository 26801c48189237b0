import { randomUUID } from 'node:crypto';
import type { Answer } from './serve.ts';

const federation = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';

/** The names that OAuth gives errors, and the status that Entra sends with each. */
const statuses = {
  invalid_request: 400,
  invalid_tenant: 400,
  invalid_scope: 400,
  invalid_resource: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_client: 401,
} as const;

/** A refusal of Entra's, with its code and wording (learn.microsoft.com, "error codes"). */
export class EntraError extends Error {
  readonly #error: keyof typeof statuses;
  readonly #code: number;
  readonly #text: string;

  private constructor(error: keyof typeof statuses, code: number, text: string) {
    super(`AADSTS${code}: ${text}`);
    this.#error = error;
    this.#code = code;
    this.#text = text;
  }

  static unknownTenant(
    tenant: string,
    error: 'invalid_request' | 'invalid_tenant' = 'invalid_request',
  ): EntraError {
    return new EntraError(
      error,
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    );
  }

  static missing(parameter: string): EntraError {
    return new EntraError(
      'invalid_request',
      900144,
      `The request body must contain the following parameter: '${parameter}'.`,
    );
  }

  static unsupportedGrant(grant: string): EntraError {
    return new EntraError(
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grant}'.`,
    );
  }

  static invalidScope(scope: string): EntraError {
    return new EntraError(
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }

  static unknownResource(resource: string, tenant: string): EntraError {
    return new EntraError(
      'invalid_resource',
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    );
  }

  static unknownApp(clientId: string, tenant: string): EntraError {
    return new EntraError(
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  }

  static noCredential(): EntraError {
    return new EntraError(
      'invalid_client',
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    );
  }

  static invalidSecret(clientId: string): EntraError {
    return new EntraError(
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    );
  }

  static expiredSecret(clientId: string): EntraError {
    return new EntraError(
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    );
  }

  static malformedAssertion(): EntraError {
    return new EntraError('invalid_request', 50027, 'JWT token is invalid or malformed.');
  }

  static noFederation(clientId: string): EntraError {
    return new EntraError(
      'invalid_client',
      70025,
      `The client '${clientId}' has no configured federated identity credentials. ${federation}`,
    );
  }

  static noMatch(
    code: 700211 | 700212 | 700213,
    what: 'issuer' | 'audience' | 'subject',
    value: string,
  ): EntraError {
    return new EntraError(
      'invalid_client',
      code,
      `No matching federated identity record found for presented assertion ${what} '${value}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${federation}`,
    );
  }

  static badSignature(): EntraError {
    return new EntraError(
      'invalid_client',
      700027,
      'Client assertion failed signature validation.',
    );
  }

  /** All in seconds since 1970. */
  static expiredAssertion(now: number, from: number, until: number): EntraError {
    const time = (seconds: number) => new Date(seconds * 1000).toISOString().replace('Z', '0000Z');
    return new EntraError(
      'invalid_client',
      700024,
      `Client assertion is not within its valid time range. Current time: ${time(now)}, assertion valid from ${time(from)}, expiry time of assertion ${time(until)}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
    );
  }

  /** What goes over the wire. */
  answer(correlationId: string): Answer {
    const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
    const traceId = randomUUID();
    return {
      status: statuses[this.#error],
      headers: { 'client-request-id': correlationId, 'cache-control': 'no-store, no-cache' },
      body: {
        error: this.#error,
        error_description: `AADSTS${this.#code}: ${this.#text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
        error_codes: [this.#code],
        timestamp,
        trace_id: traceId,
        correlation_id: correlationId,
        error_uri: `https://login.microsoftonline.com/error?code=${this.#code}`,
      },
    };
  }
}
