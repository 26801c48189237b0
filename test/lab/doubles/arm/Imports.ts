import { randomUUID } from 'node:crypto';
import { ArmError } from './ArmError.ts';
import type { ArmRegistry } from './ArmRegistry.ts';
import type { ImportRequest } from './importRequest.ts';

/** What is to be copied, by whose right. */
export interface ImportWork {
  readonly request: ImportRequest;
  /** The registry that gets it. */
  readonly target: ArmRegistry;
  /** Host of the registry that it comes from. */
  readonly from: string;
}

/** Copies it; throws where a registry refuses. */
export type CopyBetween = (work: ImportWork) => Promise<void>;

/** The copies that were asked for, each of which goes on by itself. */
export class Imports {
  readonly #copy: CopyBetween;
  readonly #ended = new Map<string, ArmError | 'done' | undefined>();

  constructor(copy: CopyBetween) {
    this.#copy = copy;
  }

  /** @returns by which it is asked for */
  begin(work: ImportWork): string {
    const id = randomUUID();
    this.#ended.set(id, undefined);
    this.#copy(work).then(
      () => this.#ended.set(id, 'done'),
      (error: Error) => this.#ended.set(id, ArmError.badImport(error.message)),
    );
    return id;
  }

  /** @throws {ArmError} of one that failed, or that nobody asked for */
  isDone(id: string): boolean {
    if (!this.#ended.has(id)) throw ArmError.noRoute();
    const ended = this.#ended.get(id);
    if (ended instanceof ArmError) throw ended;
    return ended === 'done';
  }
}
