/** The vulnerabilities that are known to be exploited, as CISA publishes them. */
export interface Kev {
  /** In capitals. */
  readonly ids: ReadonlySet<string>;
  readonly version: string;
  /** When its publisher made it. */
  readonly madeAt: Date;
}

/** How likely vulnerabilities are to be exploited in the next 30 days, as first.org publishes it. */
export interface Epss {
  /** By id in capitals, from 0 to 1. */
  readonly scores: ReadonlyMap<string, number>;
  readonly version: string;
  readonly madeAt: Date;
}
