import { InputProblem, type Parse } from '../../../../shared/action/InputReader.ts';
import { lines, oneOf } from '../../../../shared/action/parsers.ts';
import type { ReportKind } from '../../../../shared/kube/reports/ClusterReport.ts';
import type { Namespaces } from '../../../../shared/kube/reports/runningImages.ts';

const everything = '*';

/** Namespaces, one a line; `*` alone is the whole cluster. */
export const namespaceList: Parse<Namespaces> = async (given) => {
  const names = await lines(namespace)(given);
  if (names.length === 0) {
    throw new InputProblem('names no namespace', 'Write one a line, or `*` for the whole cluster.');
  }
  if (!names.includes(everything)) return names;
  if (names.length === 1) return 'all';
  throw new InputProblem('has `*` beside names', 'Write either.');
};

/** A DNS label (RFC 1123), as Kubernetes wants it. */
function namespace(name: string): string {
  if (name === everything || /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return name;
  throw new InputProblem(
    `${JSON.stringify(name)} is not a namespace`,
    'Write at most 63 lower-case letters, digits and hyphens, or `*` for the whole cluster.',
  );
}

const kinds: readonly ReportKind[] = ['vulnerability', 'misconfiguration', 'secret', 'compliance'];

/** Kinds of reports, by comma or line. */
export const reportKinds: Parse<ReadonlySet<ReportKind>> = async (given) => {
  const words = given.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) {
    throw new InputProblem('names no kind of report', `Write some of ${kinds.join(', ')}.`);
  }
  return new Set(await Promise.all(words.map(oneOf(kinds, 'a kind of report'))));
};
