import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { boolean, oneOf, text } from '../../../../shared/action/parsers.ts';
import type { Dockerfile } from '../../../../shared/report/dockerfile/Dockerfile.ts';
import type { SbomFormat } from '../../../../shared/trivy/sbomOf.ts';

/** Where the verdict is told, besides the summary. */
export interface ReportInputs {
  /** Tells findings the line that brought them in. */
  readonly dockerfile: Dockerfile | undefined;
  /** Whether it is looked for a base on which less counts. */
  readonly recommendBase: boolean;
  readonly sbom: SbomFormat | undefined;
  readonly comment: boolean;
  readonly uploadSarif: boolean;
  /** One a component of what runs. */
  readonly issue: boolean;
  /** What a later run replaces: one a gate. */
  readonly category: string | undefined;
  /** Of the job; for comments, code scanning and deployments. */
  readonly githubToken: string | undefined;
}

/** Reads which reports are made of the one scan. */
export async function readReportInputs(
  reader: InputReader,
  workspace: string,
): Promise<ReportInputs> {
  const inputs: ReportInputs = {
    dockerfile: await reader.optional('dockerfile', dockerfileAt(workspace)),
    recommendBase: await reader.required('recommend-base', boolean),
    sbom: await reader.optional('sbom', oneOf(['cyclonedx', 'spdx-json'], 'a format of SBOMs')),
    comment: await reader.required('comment', boolean),
    uploadSarif: await reader.required('upload-sarif', boolean),
    issue: await reader.required('issue', boolean),
    category: await reader.optional('category', text),
    githubToken: await reader.secret('github-token', text),
  };
  const onGitHub = {
    comment: inputs.comment,
    'upload-sarif': inputs.uploadSarif,
    issue: inputs.issue,
  };
  const asked = Object.entries(onGitHub).find(([, wanted]) => wanted)?.[0];
  if (asked !== undefined && inputs.githubToken === undefined) {
    reader.conflict(
      `Input ${asked} is true, and there is no github-token.`,
      'Leave github-token out, so that it is the job’s own.',
    );
  }
  return inputs;
}

function dockerfileAt(workspace: string): Parse<Dockerfile> {
  return async (given) => {
    const file = given.trim();
    const content = await readFile(resolve(workspace, file), 'utf8').catch(() => undefined);
    if (content === undefined) {
      throw new InputProblem('cannot be read', 'Write its path in the workspace.');
    }
    const { readDockerfile } = await import(
      '../../../../shared/report/dockerfile/readDockerfile.ts'
    );
    return readDockerfile(file, content);
  };
}
