import * as v from 'valibot';
import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import { CycloneDx } from './CycloneDx.ts';
import { fromCycloneDx } from './fromCycloneDx.ts';
import { fromOpenVex } from './fromOpenVex.ts';
import { OpenVex } from './OpenVex.ts';
import type { VexStatement } from './VexStatement.ts';

const remedy = 'Give an OpenVEX document, or a CycloneDX one (JSON) with vulnerabilities.';

/**
 * Reads what vendors say of vulnerabilities: OpenVEX or CycloneDX, as JSON.
 *
 * @throws {Failure} when it is neither
 */
export function readVex(text: string, file: string): VexStatement[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    const why = `${oneLine((cause as Error).message)}.`;
    throw new Failure({
      what: `The VEX document ${oneLine(file)} is not JSON.`,
      why,
      remedy,
      cause,
    });
  }
  if (isObject(document) && document.bomFormat === 'CycloneDX') {
    return fromCycloneDx(check(CycloneDx, document, file), file);
  }
  if (isObject(document) && String(document['@context']).includes('openvex.dev')) {
    return fromOpenVex(check(OpenVex, document, file), file);
  }
  throw new Failure({ what: `${oneLine(file)} is no VEX document that is known.`, remedy });
}

function check<S extends v.GenericSchema>(schema: S, document: unknown, file: string) {
  const read = parse(schema, document, file);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new Failure({
    what: `The VEX document ${oneLine(file)} is not as its format says.`,
    why: `${oneLine(v.getDotPath(issue) ?? 'The document')}: ${oneLine(issue.message)}.`,
    remedy,
  });
}

/** Components hold components, as deep as somebody likes. */
function parse<S extends v.GenericSchema>(schema: S, document: unknown, file: string) {
  try {
    return v.safeParse(schema, document, { abortEarly: true });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const what = `The VEX document ${oneLine(file)} is nested too deeply.`;
    throw new Failure({ what, remedy, cause });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
