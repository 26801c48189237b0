import { Failure } from '../../failure/Failure.ts';
import type { Http } from '../../http/request.ts';
import type { Log } from '../../log/Log.ts';
import { type Arm, parse } from './armClient.ts';
import { explainArmError } from './explainArmError.ts';
import { packContext } from './packContext.ts';
import { UploadExpired, uploadContext } from './uploadContext.ts';

export interface SendOptions {
  readonly arm: Arm;
  readonly http: Http;
  readonly log: Log;
  /** Absolute paths. */
  readonly context: string;
  readonly dockerfile: string;
  /** What is built in place of the Dockerfile's own text. */
  readonly text?: string | undefined;
  /** A folder of the step's own. */
  readonly tempDir: string;
  readonly signal: AbortSignal;
}

export interface SentContext {
  /** What `scheduleRun` calls it by: a new one each time. */
  readonly location: string;
  /** Where the Dockerfile is in it. */
  readonly dockerfile: string;
  readonly files: number;
  readonly bytes: number;
  /** By how much Azure's clock is ahead of ours; its runs are told by its clock. */
  readonly clockAheadMs: number;
}

interface Location {
  readonly uploadUrl?: string;
  readonly relativePath?: string;
}

const doing = 'give a place for the build context';

/**
 * Packs the context on its way up: no archive is written to the disk.
 *
 * @throws {Failure} when the context cannot be read, or Azure does not take it
 */
export async function sendContext(options: SendOptions): Promise<SentContext> {
  try {
    return await send(options);
  } catch (error) {
    if (!(error instanceof UploadExpired)) throw error;
    options.log.info('The address for the build context ran out; it is sent again to a new one.');
  }
  try {
    return await send(options);
  } catch (error) {
    if (!(error instanceof UploadExpired)) throw error;
    throw new Failure({
      what: "Azure's storage does not let the build context be uploaded.",
      why: `${error.message}.`,
      remedy:
        "Check this runner's clock and line: the address that Azure gives is good for a time only.",
      cause: error,
    });
  }
}

async function send({
  arm,
  http,
  log,
  context,
  dockerfile,
  text,
  tempDir,
  signal,
}: SendOptions): Promise<SentContext> {
  const response = await arm.send({ path: 'listBuildSourceUploadUrl', repeatable: true, doing });
  if (response.status >= 400) throw explainArmError(doing, arm.registry, response);
  const { uploadUrl, relativePath } = parse<Location>(response, { doing }, arm.registry);
  if (uploadUrl === undefined || relativePath === undefined) {
    throw explainArmError(doing, arm.registry, response);
  }
  const clock = Date.parse(String(response.headers.date));
  const clockAheadMs = Number.isNaN(clock) ? 0 : clock - Date.now();
  try {
    const packed = await packContext(context, dockerfile, { text, tempDir });
    const bytes = await uploadContext(uploadUrl, packed.stream, { http, signal });
    log.info(`Sent ${packed.files} files of the context, ${(bytes / 1e6).toFixed(1)} MB packed.`);
    return {
      location: relativePath,
      dockerfile: packed.dockerfile,
      files: packed.files,
      bytes,
      clockAheadMs,
    };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path === undefined || code === undefined) throw error;
    throw new Failure({
      what: `The build context cannot be packed: ${path} cannot be read (${code}).`,
      remedy: 'Correct its permissions, or name it in .dockerignore.',
      cause: error,
    });
  }
}
