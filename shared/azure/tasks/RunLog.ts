import { StringDecoder } from 'node:string_decoder';
import type { Http, HttpResponse } from '../../http/request.ts';
import { Redactor } from '../../process/redact.ts';
import { LineSplitter } from '../../process/splitLines.ts';
import type { Arm } from './armClient.ts';
import { LastLines } from './LastLines.ts';
import { storageVersion } from './uploadContext.ts';

/** The most that is asked for at once. */
const pieceBytes = 4 * 1024 * 1024;

export interface RunLogOptions {
  readonly arm: Arm;
  readonly http: Http;
  readonly runId: string;
  /** Removed from every line. */
  readonly secrets: Iterable<string>;
  /** Whole lines, untrusted. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * A run's log: an append blob that grows while the run goes on, and has `complete` in its metadata when
 * it does not any more. It is read from where the last reading ended.
 */
export class RunLog {
  readonly #options: RunLogOptions;
  readonly #decoder = new StringDecoder('utf8');
  readonly #redactor: Redactor;
  readonly #lines: LineSplitter;
  readonly #last = new LastLines();
  #url: string | undefined;
  #offset = 0;
  #complete = false;

  constructor(options: RunLogOptions) {
    this.#options = options;
    this.#redactor = new Redactor(options.secrets);
    this.#lines = new LineSplitter((line) => {
      this.#last.add(line);
      options.onLine(line);
    });
  }

  /** Whether all of it has been read. */
  get complete(): boolean {
    return this.#complete;
  }

  /** The end of it. */
  get tail(): string {
    return this.#last.text();
  }

  /**
   * Reads what has come since.
   *
   * @returns whether something had
   * @throws {Failure} when it could not be read; the next reading goes on from the same place
   */
  async read(): Promise<boolean> {
    if (this.#complete) return false;
    this.#url ??= await this.#address();
    const url = this.#url;
    if (url === undefined) return false;
    const response = await this.#get(url, 'GET', {
      range: `bytes=${this.#offset}-${this.#offset + pieceBytes - 1}`,
    });
    switch (response.status) {
      case 200:
      case 206:
        return this.#take(response);
      case 416:
        // Nothing new; only an answer to HEAD tells the metadata then.
        this.#complete = isComplete(await this.#get(url, 'HEAD'), this.#offset);
        return false;
      case 403:
        // The signature has run out; the next reading gets a new one.
        this.#url = undefined;
        return false;
      default:
        // Until the run starts there is no blob (404).
        return false;
    }
  }

  /** Gives the last line, when it has no end. */
  end(): void {
    this.#lines.write(this.#redactor.write(this.#decoder.end()) + this.#redactor.end());
    this.#lines.end();
  }

  #take(response: HttpResponse): boolean {
    // A proxy may not know ranges, and give everything.
    const body = response.status === 200 ? response.body.subarray(this.#offset) : response.body;
    this.#offset += body.length;
    this.#complete = isComplete(response, this.#offset);
    this.#lines.write(this.#redactor.write(this.#decoder.write(body)));
    return body.length > 0;
  }

  async #address(): Promise<string | undefined> {
    const { arm, runId } = this.#options;
    const { logLink } = await arm.ask<{ logLink?: string }>({
      path: `runs/${runId}/listLogSasUrl`,
      repeatable: true,
      doing: 'show the log of the run',
    });
    return logLink;
  }

  #get(url: string, method: 'GET' | 'HEAD', headers = {}): Promise<HttpResponse> {
    const { http, signal } = this.#options;
    return http({
      ...{ url, method, signal },
      headers: { 'x-ms-version': storageVersion, ...headers },
    });
  }
}

/** Whether the blob grows no more, and ends where we are. */
function isComplete({ headers, status }: HttpResponse, offset: number): boolean {
  const said = headers['x-ms-meta-complete'] !== undefined;
  const range = /\/(\d+)$/.exec(String(headers['content-range'] ?? ''))?.[1];
  const length = Number(range ?? headers['content-length']);
  return said && status < 300 && length <= offset;
}
