/** What a service of the release has to answer. */
export interface HttpCheck {
  readonly service: string;
  /** Its number or name; the only one that the service has without. */
  readonly port?: string | undefined;
  readonly scheme: 'http' | 'https';
  /** With its query. */
  readonly path: string;
  readonly statuses: readonly number[];
  readonly contains?: string | undefined;
  readonly matches?: RegExp | undefined;
  /** Headers that are sent. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** What headers of the answer have to match; names in lower case. */
  readonly responseHeaders: Readonly<Record<string, RegExp>>;
  readonly timeoutMs: number;
}

/** `http web/healthz` */
export function nameOfHttp({ service, port, path }: HttpCheck): string {
  return `http ${service}${port === undefined ? '' : `:${port}`}${path}`;
}
