import { Buffer } from 'node:buffer';

/** A step of BuildKit's graph, as it stands now; the same one is told again whenever it changes. */
export interface VertexReport {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970, as the builder's clock has them. */
  readonly started: number | undefined;
  readonly completed: number | undefined;
  readonly cached: boolean;
  readonly error: string | undefined;
}

/** A part of a step that has a time of its own, such as the push of the layers. */
export interface PhaseReport {
  readonly vertex: string;
  readonly name: string;
  readonly started: number | undefined;
  readonly completed: number | undefined;
  /** In bytes, where it is known. */
  readonly total: number | undefined;
}

export interface OutputReport {
  readonly vertex: string;
  readonly stream: number;
  /** Cut anywhere, in the middle of a character, too. */
  readonly bytes: Buffer;
}

export interface WarningReport {
  readonly vertex: string;
  readonly short: string;
  readonly url: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** One line of `--progress rawjson` (BuildKit's `client.SolveStatus`). */
export interface Status {
  readonly vertexes: readonly VertexReport[];
  readonly phases: readonly PhaseReport[];
  readonly output: readonly OutputReport[];
  readonly warnings: readonly WarningReport[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a line; `undefined` for one that is none of BuildKit's, such as buildx's own last words. */
export function parseStatus(line: string): Status | undefined {
  if (!line.startsWith('{')) return undefined;
  let fields: Fields;
  try {
    fields = JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
  if (!['vertexes', 'statuses', 'logs', 'warnings'].some((key) => Array.isArray(fields[key]))) {
    return undefined;
  }
  return {
    vertexes: records(fields.vertexes).map((vertex) => ({
      id: text(vertex.digest) ?? '',
      name: text(vertex.name) ?? '',
      started: time(vertex.started),
      completed: time(vertex.completed),
      cached: vertex.cached === true,
      error: text(vertex.error) || undefined,
    })),
    phases: records(fields.statuses).map((status) => ({
      vertex: text(status.vertex) ?? '',
      name: text(status.id) ?? '',
      started: time(status.started),
      completed: time(status.completed),
      total: count(status.total),
    })),
    output: records(fields.logs).map((log) => ({
      vertex: text(log.vertex) ?? '',
      stream: count(log.stream) ?? 1,
      bytes: Buffer.from(text(log.data) ?? '', 'base64'),
    })),
    warnings: records(fields.warnings).map((warning) => ({
      vertex: text(warning.vertex) ?? '',
      short: Buffer.from(text(warning.short) ?? '', 'base64').toString(),
      url: text(warning.url),
      file: text(record(warning.sourceInfo).filename),
      line: count(record(records(warning.range)[0]?.start).line),
    })),
  };
}

function records(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function time(value: unknown): number | undefined {
  const at = Date.parse(text(value) ?? '');
  return Number.isNaN(at) ? undefined : at;
}
