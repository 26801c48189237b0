import { randomUUID } from 'node:crypto';
import type { Answer } from '../../doubles/serve.ts';

/** A refusal in the shape and wording of Azure Container Registry. */
export class AcrError extends Error {
  readonly status: number;
  readonly code: 'UNAUTHORIZED' | 'DENIED' | 'BAD_REQUEST';

  private constructor(status: number, code: AcrError['code'], message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /**
   * What the token endpoints say to a credential that they do not take. They do not tell why; the
   * reason is for the double's own log.
   */
  static unauthorized(): AcrError {
    return new AcrError(
      401,
      'UNAUTHORIZED',
      `${authenticationRequired} CorrelationId: ${randomUUID()}`,
    );
  }

  /** The registry's firewall does not know the client's address. */
  static firewall(ip: string): AcrError {
    return new AcrError(
      403,
      'DENIED',
      `client with IP '${ip}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`,
    );
  }

  /** A form that no client of ACR's sends. The service's own words for it were not seen. */
  static badRequest(message: string): AcrError {
    return new AcrError(400, 'BAD_REQUEST', message);
  }

  /** What goes over the wire. */
  answer(): Answer {
    return {
      status: this.status,
      body: { errors: [{ code: this.code, message: this.message }] },
    };
  }
}

/** ACR's wording where CNCF distribution says "authentication required". */
export const authenticationRequired =
  'authentication required, visit https://aka.ms/acr/authorization for more information.';
