import type { HttpResponse } from '../../http/request.ts';
import { oneLine } from '../../log/oneLine.ts';

/** What storage says in a refusal: XML, and the code in a header as well (an answer to HEAD has no body). */
export function readBlobError({ headers, body }: Pick<HttpResponse, 'headers' | 'body'>): {
  readonly code: string;
  readonly message: string;
} {
  const text = body.toString();
  const element = (name: string) => new RegExp(`<${name}>([^<]*)`).exec(text)?.[1] ?? '';
  return {
    code: oneLine(String(headers['x-ms-error-code'] ?? element('Code'))),
    // The first line; what follows are the request's id and time.
    message: oneLine(element('Message').split('\n')[0] ?? '').replace(/\.$/, ''),
  };
}
