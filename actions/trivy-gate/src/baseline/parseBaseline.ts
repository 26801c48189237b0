import { InputProblem, type Parse } from '../../../../shared/action/InputReader.ts';
import { parseReference, type Reference } from '../../../../shared/oci/Reference.ts';

/** What the change is compared with. */
export type WantedBaseline =
  | { readonly kind: 'image'; readonly reference: Reference }
  /** A JSON report of Trivy. */
  | { readonly kind: 'report'; readonly path: string }
  /** The image of the same repository that the branch's tag names. */
  | { readonly kind: 'branch'; readonly name: string }
  /** What runs there now. */
  | { readonly kind: 'environment'; readonly name: string };

/** Parses the input `baseline`. */
export const parseBaseline: Parse<WantedBaseline> = (given) => {
  const text = given.trim();
  const [, kind, rest = ''] = /^(report|branch|environment):(.*)$/s.exec(text) ?? [];
  if (kind === undefined) return { kind: 'image', reference: reference(text) };
  const name = rest.trim();
  if (name === '') {
    throw new InputProblem(`names no ${kind}`, `Write \`${kind}:${examples[kind]}\`.`);
  }
  if (kind === 'report') return { kind, path: name };
  return { kind: kind === 'branch' ? kind : 'environment', name };
};

const examples: Readonly<Record<string, string>> = {
  report: 'base.json',
  branch: 'main',
  environment: 'production',
};

function reference(text: string): Reference {
  try {
    return parseReference(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `is none of a baseline: ${error.message}`,
      'Write `registry/name@sha256:…`, `branch:main`, `environment:production` or `report:base.json`.',
    );
  }
}
