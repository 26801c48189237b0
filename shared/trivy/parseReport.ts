import * as v from 'valibot';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { schemaVersion, TrivyReport } from './TrivyReport.ts';

const remedy = 'Use the pinned Trivy; if it was, tell the maintainers.';

/**
 * Reads Trivy's report.
 *
 * @throws {Failure} when it is not JSON, not of the version we know, or not what that version says
 */
export function parseReport(text: string): TrivyReport {
  return checkReport(parseDocument(text));
}

/** @throws {Failure} when it is not JSON */
export function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure({
      what: text.trim() === '' ? 'Trivy wrote an empty report.' : "Trivy's report is not JSON.",
      why: cause instanceof Error ? `${oneLine(cause.message)}.` : undefined,
      remedy: 'Run the step again; a full disk can cut a file.',
      cause,
    });
  }
}

/** @throws {Failure} when the document is not of the version we know, or not what that version says */
export function checkReport(document: unknown): TrivyReport {
  const version = (document as { SchemaVersion?: unknown } | null)?.SchemaVersion;
  if (version !== schemaVersion) {
    throw new Failure({
      what: `Trivy's report has the schema version ${oneLine(String(JSON.stringify(version)))}, and only ${schemaVersion} is known.`,
      remedy,
    });
  }
  const checked = v.safeParse(TrivyReport, document, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  throw new Failure({
    what: "Trivy's report is not as its schema says.",
    why: `${v.getDotPath(issue) ?? 'The document'}: ${oneLine(issue.message)}.`,
    remedy,
  });
}
