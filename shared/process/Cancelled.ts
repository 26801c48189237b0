/** The reason of an aborted AbortSignal: the runner asked us to stop, and how urgently. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  readonly signal: 'SIGINT' | 'SIGTERM';

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`The job was cancelled (${signal}).`);
    this.signal = signal;
  }
}
