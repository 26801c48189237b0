import { randomUUID } from 'node:crypto';
import type { Answer } from '../serve.ts';

/** A refusal of Azure Storage's: XML, and its code in a header. */
export class BlobError extends Error {
  readonly #status: number;
  readonly #code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.#status = status;
    this.#code = code;
  }

  static notSigned(detail: string): BlobError {
    return new BlobError(
      403,
      'AuthenticationFailed',
      `Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.\n${detail}`,
    );
  }

  static notPermitted(): BlobError {
    return new BlobError(
      403,
      'AuthorizationPermissionMismatch',
      'This request is not authorized to perform this operation using this permission.',
    );
  }

  static missingHeader(name: string): BlobError {
    return new BlobError(
      400,
      'MissingRequiredHeader',
      `An HTTP header that's mandatory for this request is not specified.\n<HeaderName>${name}</HeaderName>`,
    );
  }

  static badHeader(name: string): BlobError {
    return new BlobError(
      400,
      'InvalidHeaderValue',
      `The value for one of the HTTP headers is not in the correct format.\n<HeaderName>${name}</HeaderName>`,
    );
  }

  static badQuery(name: string): BlobError {
    return new BlobError(
      400,
      'InvalidQueryParameterValue',
      `Value for one of the query parameters specified in the request URI is invalid.\n<QueryParameterName>${name}</QueryParameterName>`,
    );
  }

  answer(): Answer {
    const requestId = randomUUID();
    return {
      status: this.#status,
      headers: {
        'content-type': 'application/xml',
        'x-ms-error-code': this.#code,
        'x-ms-request-id': requestId,
      },
      body: `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${this.#code}</Code><Message>${this.message}\nRequestId:${requestId}\nTime:${new Date().toISOString()}</Message></Error>`,
    };
  }
}
