import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Parse } from '../../../../shared/action/InputReader.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { checkJobSchema } from '../../../../shared/kube/verify/CheckJob.ts';
import type { Threshold } from '../../../../shared/prometheus/judgeSamples.ts';
import { type Checked, readChecked } from '../../../../shared/yaml/readChecked.ts';
import { verifySchema, type Written } from './schema.ts';
import type { Wanted } from './Verification.ts';

const bounds = {
  below: 'below',
  'at-most': 'at most',
  'at-least': 'at least',
  above: 'above',
} as const;

/** Reads the input `verify`; all that is wrong in it is told at once, with its line. */
export function readVerify(workspace: string): Parse<readonly Wanted[]> {
  return async (given) => {
    try {
      const checked = readChecked(given, verifySchema, { file: 'Input verify', empty: [] });
      const wanted = await Promise.all(
        checked.value.map((entry, index) => toWanted(entry, index, checked, workspace)),
      );
      const problems = wanted.filter((one) => one instanceof Failure);
      if (problems.length > 0) throw new AggregateError(problems);
      return wanted as Wanted[];
    } catch (error) {
      if (!(error instanceof AggregateError)) throw error;
      // They stand in the workflow, of which only the runner knows the lines.
      throw new AggregateError(error.errors.map(withoutPlace));
    }
  };
}

function withoutPlace(error: unknown): unknown {
  if (!(error instanceof Failure) || error.place?.file !== 'Input verify') return error;
  const { what, why, remedy } = error;
  return new Failure({ what, why, remedy });
}

/** What a schema does not hold: each entry has one kind, and each kind what it needs. */
async function toWanted(
  entry: Written,
  index: number,
  { problem }: Checked<unknown>,
  workspace: string,
): Promise<Wanted | Failure> {
  const kinds = Object.entries(entry).filter(([, value]) => value !== undefined);
  if (kinds.length !== 1) {
    return problem([index], 'has not one key', 'Write one check an entry: `- http: …`.');
  }
  const { http, promql, logs, restarts, job, 'helm-tests': tests } = entry;
  if (http !== undefined) {
    const { status, every, timeout, failures, ...rest } = http;
    return {
      ...{ kind: 'http', ...rest, statuses: status, everyMs: every, timeoutMs: timeout, failures },
      requestHeaders: http['request-headers'],
      responseHeaders: http['response-headers'],
    };
  }
  if (promql !== undefined) {
    const { address, query, every, timeout, failures } = promql;
    const given = thresholdsOf(promql);
    const [threshold] = given;
    if (threshold === undefined || given.length > 1) {
      const names = Object.keys(bounds).join(', ');
      return problem([index, 'promql'], 'has not one bound', `Write one of ${names}.`);
    }
    return {
      ...{ kind: 'promql', address, query, ...threshold },
      ...{ everyMs: every, timeoutMs: timeout, failures },
    };
  }
  if (logs !== undefined) {
    return {
      ...{ kind: 'logs', matches: logs.matches, perMinute: logs['per-minute'] },
      container: logs.container,
    };
  }
  if (restarts !== undefined) return { kind: 'restarts', most: restarts };
  if (tests !== undefined) return { kind: 'helm-tests', timeoutMs: tests.timeout };
  const { file, manifest, timeout } = job ?? {};
  if ((file === undefined) === (manifest === undefined)) {
    return problem([index, 'job'], 'has not one Job', 'Write either `file` or `manifest`.');
  }
  const read = manifest ?? (await readJob(file ?? '', workspace));
  if (read === undefined) {
    return problem(
      [index, 'job', 'file'],
      'cannot be read',
      'Write a file relative to the workspace.',
    );
  }
  return { kind: 'job', job: read, timeoutMs: timeout ?? 0 };
}

function thresholdsOf(promql: NonNullable<Written['promql']>): readonly Threshold[] {
  return Object.entries(bounds).flatMap(([key, is]) => {
    const bound = promql[key as keyof typeof bounds];
    return bound === undefined ? [] : [{ is, bound }];
  });
}

async function readJob(file: string, workspace: string) {
  const text = await readFile(resolve(workspace, file), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return readChecked(text, checkJobSchema, { file, empty: {} }).value;
}
