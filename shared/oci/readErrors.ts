import type { HttpResponse } from '../http/request.ts';
import { oneLine } from '../log/oneLine.ts';

/** One of the errors in a registry's answer; both texts are fit for a sentence. */
export interface RegistryError {
  /** Such as `NAME_UNKNOWN`: OCI distribution specification, "Error Codes". */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** What a registry says went wrong; nothing, where it (or a gateway before it) says so in other words. */
export function readErrors({ body }: Pick<HttpResponse, 'body'>): readonly RegistryError[] {
  let errors: unknown;
  try {
    ({ errors } = JSON.parse(body.toString()) as { errors?: unknown });
  } catch {
    return [];
  }
  if (!Array.isArray(errors)) return [];
  return errors
    .filter((error): error is object => typeof error === 'object' && error !== null)
    .map((error) => {
      const { code, message } = error as { code?: unknown; message?: unknown };
      return { code: textOf(code), message: textOf(message) };
    });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? oneLine(value) : undefined;
}
