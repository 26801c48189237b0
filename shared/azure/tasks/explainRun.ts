import { Failure, type FailureParts } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import { plainText } from '../../log/sanitize.ts';
import type { TaskRegistry } from './TaskRegistry.ts';
import type { TaskRun } from './TaskRun.ts';

type Explanation = Pick<FailureParts, 'what' | 'why' | 'remedy'>;

interface Cause {
  readonly pattern: RegExp;
  readonly explain: (found: readonly string[], registry: TaskRegistry) => Explanation;
}

/** What stands in the log of a run that failed, by Docker's own builder and by BuildKit; most telling first. */
const causes: readonly Cause[] = [
  {
    pattern: /The command '(?:\/bin\/sh -c )?(.*)' returned a non-zero code: (\d+)/,
    explain: ([, command = '', code]) => runStep(command, code),
  },
  {
    pattern: /process "(?:\/bin\/sh -c )?(.*?)" did not complete successfully: exit code: (\d+)/,
    // BuildKit writes it as a string of Go.
    explain: ([, command = '', code]) => runStep(command.replace(/\\(["\\])/g, '$1'), code),
  },
  {
    pattern:
      /(?:COPY|ADD) failed: .*?(?:stat|context:) (\S+?):? (?:no such file|file does not exist|not found)|failed to compute cache key: .*?"?([^":\s]+)"?: not found/,
    explain: ([, first, second]) => ({
      what: `${oneLine(first ?? second ?? 'A file')} is not in the build context.`,
      remedy: 'Check the path, `context`, and that .dockerignore does not leave it out.',
    }),
  },
  {
    pattern: /client with IP '([^']+)' is not allowed access/,
    explain: ([, address = ''], { name }) => ({
      what: `The firewall of the registry ${name} keeps ACR's own agent out.`,
      why: `Agents of ACR tasks come from public addresses such as ${oneLine(address)}.`,
      remedy:
        'Build in an agent pool in the registry\'s network, or allow "trusted services" with a task identity.',
    }),
  },
  {
    pattern: /no space left on device/,
    explain: () => ({
      what: 'The build stopped because the disk of its agent is full.',
      remedy: 'Make the image and its context smaller, or use an agent pool with a larger tier.',
    }),
  },
  {
    pattern: /toomanyrequests: (.*)/,
    explain: ([, why = '']) => ({
      what: 'The registry of a base image lets ACR pull no more for now.',
      why: `It says: ${oneLine(why)}.`,
      remedy: 'Take base images from your own registry (`az acr import`, or a cache rule).',
    }),
  },
  {
    pattern:
      /manifest for (\S+) not found|pull access denied for ([^\s,]+)|failed to resolve source metadata for (\S+): .*not found/,
    explain: ([, ...names]) => ({
      what: `The base image ${oneLine(names.find((name) => name !== undefined) ?? '')} does not exist, or may not be read.`,
      remedy: 'Correct its name or tag in the Dockerfile, or build where its registry is known.',
    }),
  },
  {
    pattern: /[Dd]ockerfile parse error (?:on )?line \d+: (.*)/,
    explain: ([, why = '']) => ({
      what: `The Dockerfile is wrong: ${oneLine(why)}.`,
      remedy: 'Correct this line.',
    }),
  },
  {
    pattern: /failed to push.*?((?:unauthorized|denied|authentication required).*)/i,
    explain: ([, why = ''], { name }) => ({
      what: `The image was built, but the registry ${name} refused it.`,
      why: `It says: ${oneLine(why)}.`,
      remedy: "Check the registry's policies and quota.",
    }),
  },
];

/**
 * Tells why a run did not succeed.
 *
 * @param tail the end of its log, untrusted
 * @param dockerfile its path in the repository, for the place of the annotation
 */
export function explainRun(
  run: TaskRun,
  tail: string,
  registry: TaskRegistry,
  dockerfile: string | undefined,
): Failure {
  const text = plainText(tail);
  const line =
    /[Dd]ockerfile parse error (?:on )?line (\d+)|^[^\s:]*Dockerfile[^\s:]*:(\d+)$/m.exec(text);
  const number = Number(line?.[1] ?? line?.[2]);
  return new Failure({
    ...explain(run, text, registry),
    details: text,
    ...(dockerfile !== undefined &&
      !Number.isNaN(number) && { place: { file: dockerfile, line: number } }),
  });
}

function explain(run: TaskRun, text: string, registry: TaskRegistry): Explanation {
  const { runId, status } = run;
  const said = oneLine(run.runErrorMessage ?? '');
  if (status === 'Canceled') {
    return {
      what: `Run ${runId} was cancelled in Azure, not by this job.`,
      remedy: 'Ask who did it (the activity log of the registry), and run the job again.',
    };
  }
  if (status === 'Timeout') {
    return {
      what: `Run ${runId} took longer than it may, and ACR stopped it.`,
      remedy: 'Give it more time with `timeout` (at most 8 hours), or make the build shorter.',
    };
  }
  if (status === 'Failed') {
    for (const { pattern, explain: tell } of causes) {
      const found = pattern.exec(text);
      if (found !== null) return tell(found, registry);
    }
  }
  const last = /[Rr]un ID: \S+ failed after [^.]*\. (?:Error: )?(.*)/.exec(text)?.[1] ?? '';
  const why = said === '' ? oneLine(last) : said;
  return {
    what: `Run ${runId} ended as ${status}.`,
    why: why === '' ? undefined : `ACR says: ${why.replace(/\.$/, '')}.`,
    remedy:
      status === 'Error'
        ? 'ACR had trouble; run the job again.'
        : 'The end of its log is in the details.',
  };
}

function runStep(command: string, code: string | undefined): Explanation {
  return {
    what: `The build stopped at \`RUN ${oneLine(command)}\`, which ended with exit code ${code}.`,
    remedy: 'Its last lines are in the details.',
  };
}
