import { InputProblem, type Parse } from '../../../../shared/action/InputReader.ts';
import { parseReference, type Reference } from '../../../../shared/oci/Reference.ts';

/** What the change is compared with. */
export type WantedBaseline =
  | { readonly kind: 'image'; readonly reference: Reference }
  /** A JSON report of Trivy. */
  | { readonly kind: 'report'; readonly path: string }
  /** The image that the branch's tag names: of the same repository, or of the one that is named. */
  | { readonly kind: 'branch'; readonly name: string; readonly repository?: Reference }
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
  return kind === 'branch' ? branch(name) : { kind: 'environment', name };
};

/** No branch of git has a colon in its name (git-check-ref-format), so what is before one is a repository. */
function branch(text: string): WantedBaseline {
  const [, repository, name = ''] = /^(.*):([^:/]*)$/s.exec(text) ?? [];
  if (repository === undefined) return { kind: 'branch', name: text };
  if (name !== '') return { kind: 'branch', name, repository: reference(repository) };
  throw new InputProblem('names no branch', 'Write `branch:registry/name:main`.');
}

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
