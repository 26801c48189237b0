import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import type { Gap } from '../../verdict/Inspection.ts';
import { type Severity, severities } from '../../verdict/Severity.ts';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';

/** What of the operator's settings keeps findings out of its reports. */
export interface OperatorSettings {
  /** `namespace/name` of its ConfigMap. */
  readonly source: string;
  /** Those that it reports; all by default. */
  readonly severities: ReadonlySet<string>;
  readonly ignoreUnfixed: boolean;
  /** Names of settings that leave out single findings. */
  readonly ignores: readonly string[];
}

/** What the policy has to be told of. */
export interface Needs {
  readonly severities: ReadonlySet<Severity>;
  /** Whether findings count for which there is no fix. */
  readonly unfixed: boolean;
}

/** Where the operators are by default; Starboard's command line used another namespace than its operator. */
const sources = [
  ['trivy-system', 'trivy-operator-trivy-config'],
  ['starboard-system', 'starboard-trivy-config'],
  ['starboard', 'starboard-trivy-config'],
] as const;

/** Reads the settings of the operators that are there; none when they are elsewhere, or may not be read. */
export async function readSettings(api: Pick<KubeApi, 'get'>): Promise<OperatorSettings[]> {
  const found = await Promise.all(
    sources.map(async ([namespace, name]) => {
      const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
      try {
        const { data = {} } = await api.get<{ data?: Record<string, string> }>(path);
        return toSettings(`${namespace}/${name}`, data);
      } catch (error) {
        if (error instanceof KubeProblem || error instanceof Failure) return undefined;
        throw error;
      }
    }),
  );
  return found.filter((settings) => settings !== undefined);
}

function toSettings(source: string, data: Readonly<Record<string, string>>): OperatorSettings {
  const listed = (data['trivy.severity'] ?? '')
    .toUpperCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return {
    source,
    severities: new Set<string>(listed.length > 0 ? listed : severities),
    ignoreUnfixed: data['trivy.ignoreUnfixed']?.trim().toLowerCase() === 'true',
    ignores: Object.keys(data).filter((key) => /^trivy\.ignore(Policy|File)/.test(key)),
  };
}

/** Compares what the policy needs with what the operators report: what they leave out, no report has. */
export function checkSettings(
  found: readonly OperatorSettings[],
  needs: Needs,
): { readonly gaps: readonly Gap[]; readonly notices: readonly string[] } {
  if (found.length === 0) {
    const notice =
      'Whether the operator leaves findings out is not known: its settings (trivy.severity, trivy.ignoreUnfixed) could not be read.';
    return { gaps: [], notices: [notice] };
  }
  const gaps: Gap[] = [];
  for (const { source, severities, ignoreUnfixed } of found) {
    const missing = [...needs.severities].filter((severity) => !severities.has(severity));
    if (missing.length > 0) {
      gaps.push({
        what: `The operator does not report findings of ${missing.join(', ')}, which the policy counts.`,
        why: `Its trivy.severity in ${source} is ${oneLine([...severities].join(','))}.`,
        remedy: `Add ${missing.join(', ')} to trivy.severity, or do without them in the policy.`,
      });
    }
    if (ignoreUnfixed && needs.unfixed) {
      gaps.push({
        what: 'The operator does not report findings without a fix, which the policy counts.',
        why: `Its trivy.ignoreUnfixed in ${source} is true.`,
        remedy: 'Set it to false, or do without them in the policy (ignore-unfixed).',
      });
    }
  }
  return {
    gaps,
    notices: found
      .filter(({ ignores }) => ignores.length > 0)
      .map(
        ({ source, ignores }) =>
          `The operator leaves out what its own ${oneLine(ignores.join(', '))} (${source}) ignores; the waivers of this gate do not know of it.`,
      ),
  };
}
