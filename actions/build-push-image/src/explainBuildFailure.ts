import type { FailureParts, Place } from '../../../shared/failure/Failure.ts';
import { plainText } from '../../../shared/log/sanitize.ts';

interface Cause {
  readonly pattern: RegExp;
  readonly explain: (
    found: RegExpExecArray,
    error: string,
    builder: string,
    /** The last lines of all that was printed. */
    output: string,
  ) => Omit<FailureParts, 'place' | 'details'>;
}

/** How much of the log goes below the annotation. */
const detailLines = 60;

const makeRoom = 'Free disk on the builder, or make the image and its context smaller.';

/** Whether a step, or the builder itself, met a full disk. */
export function isDiskFull(output: string): boolean {
  return /no space left on device|ENOSPC/i.test(output);
}

/** buildx has lost its connection to BuildKit; other connections break inside of BuildKit. */
export const lostBuilder =
  /^(?!process |failed to push )(?:(?:rpc error: )?(?:code = )?Unavailable\b|.*error reading from server|.*rpc error: code = Unavailable|.*transport is closing|.*graceful_stop)/;

/** What BuildKit says, most telling first; its last `ERROR:` line is matched. */
const causes: readonly Cause[] = [
  {
    pattern:
      /process "(?:\/bin\/sh -c )?([\s\S]*?)" did not complete successfully: exit code: (\d+)/,
    explain: ([, command, code], _, __, output) => {
      const run = `\`RUN ${command?.replace(/\\(["\\])/g, '$1')}\``;
      return isDiskFull(output)
        ? { what: `The build stopped at ${run}, since the disk is full.`, remedy: makeRoom }
        : {
            what: `The build stopped at ${run}, which ended with exit code ${code}.`,
            remedy: 'Its last lines are in the details.',
          };
    },
  },
  {
    pattern: /failed to compute cache key: .*?"?([^":\s]+)"?: not found/,
    explain: ([, path]) => ({
      what: `${path} is not in the build context.`,
      remedy: 'Check the path, `context`, and that .dockerignore does not leave it out.',
    }),
  },
  {
    pattern: /no space left on device/,
    explain: () => ({
      what: 'The build stopped because the disk is full.',
      remedy: makeRoom,
    }),
  },
  {
    // BuildKit names a snapshot's folder before it records it; a kill in between leaves the folder alone.
    pattern: /failed to rename: rename \S+\/snapshots\/new-\d+ \S+: file exists/,
    explain: () => ({
      what: "The builder's own storage is damaged.",
      why: 'It was killed while it wrote a snapshot, and stumbles over what it left.',
      remedy:
        'Remove the builder with its state and make it again (`docker buildx rm`, or a new folder for the root of its BuildKit).',
    }),
  },
  {
    pattern: /connection error: .*?(connection refused|connect: no such file[^"]*)/,
    explain: ([, why], _, builder) => ({
      what: `${builder} does not answer.`,
      why: `${why}.`,
      remedy: 'Check `builder`, and the log of its BuildKit where it has answered before.',
    }),
  },
  {
    pattern: /failed to connect to the docker API|cannot connect to the docker daemon/i,
    explain: (_, said) => ({
      what: 'No docker engine answers on this runner.',
      why: `${said}.`,
      remedy:
        'Start one before this step: `load`, and a builder of type docker, want it. Or push the image in place of `load`.',
    }),
  },
  {
    pattern: lostBuilder,
    explain: (_, said) => ({
      what: 'The builder went away in mid-build.',
      why: `${said}.`,
      remedy: 'Look at the log of its BuildKit: one that needs more memory than there is ends so.',
    }),
  },
  {
    pattern:
      /failed to push (\S+): .*?((?:401 Unauthorized|403 Forbidden|denied|authorization failed|insufficient_scope).*)/,
    explain: ([, name, why]) => ({
      what: `The image was built, but the registry refused the push of ${name}.`,
      why: `It says: ${why}.`,
      remedy: 'Log in to the registry in an earlier step, with an identity that may push there.',
    }),
  },
  {
    pattern: /failed to push (\S+): (.*)/,
    explain: ([, name, why]) => ({
      what: `The image was built, but ${name} could not be pushed.`,
      why: `${why}.`,
      remedy: 'Check the registry in `image`, and that the builder reaches it.',
    }),
  },
  {
    pattern:
      /(\S+): (?:failed to resolve source metadata for \S+: )?\S+: not found|(\S+): not found$/,
    explain: ([, first, second], error) => ({
      what: `The image ${/source metadata for (\S+):/.exec(error)?.[1] ?? first ?? second} that the Dockerfile builds on does not exist.`,
      remedy: 'Correct its name or tag in the Dockerfile.',
    }),
  },
  {
    pattern:
      /source metadata for (\S+): .*?(?:401 Unauthorized|403 Forbidden|denied|authorization failed|insufficient_scope)/,
    explain: ([, name]) => ({
      what: `The registry does not let ${name} be read, on which the Dockerfile builds.`,
      remedy: 'Log in to its registry in an earlier step.',
    }),
  },
  {
    pattern: /source metadata for (\S+): .*?(?:429 Too Many Requests|toomanyrequests)/i,
    explain: ([, name]) => ({
      what: `Its registry limits how often ${name} is read, on which the Dockerfile builds.`,
      remedy:
        'Log in to it in an earlier step, which gives a limit of your own, or keep the image in a registry of yours.',
    }),
  },
  {
    pattern:
      /source metadata for (\S+): .*?(no such host|connection refused|connection reset[^"]*|i\/o timeout|TLS handshake timeout|5\d\d [A-Z][\w ]*)/,
    explain: ([, name, why]) => ({
      what: `The registry of ${name} does not answer, on which the Dockerfile builds.`,
      why: `${why}.`,
      remedy:
        'Check the name, and that the builder reaches the registry; or run the job again later.',
    }),
  },
  {
    pattern: /dockerfile parse error on line \d+: (.*)/,
    explain: ([, why]) => ({
      what: `The Dockerfile is wrong: ${why}.`,
      remedy: 'Correct this line.',
    }),
  },
  {
    pattern:
      /(?:no builder "([^"]*)" found|connection refused|connect: no such file|context deadline exceeded)/,
    explain: ([, name], error, builder) => ({
      what: name === undefined ? `${builder} does not answer.` : `There is no builder ${name}.`,
      why: name === undefined ? `${error}.` : undefined,
      remedy: 'Check `builder`, or leave it out to use the current one.',
    }),
  },
];

/**
 * Finds the cause of a failed build in what buildx printed.
 *
 * @param output all that buildx printed (untrusted)
 * @param dockerfile its path in the repository, for the place of the annotation
 * @param builder what the builder is called in a message
 */
export function explainBuildFailure(
  output: string,
  dockerfile: string,
  builder = 'The builder',
): FailureParts {
  const text = plainText(output).trim();
  const lines = text.split('\n');
  const error = lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? '';
  const said = withoutPrefix(error);
  const place = findPlace(text, dockerfile);
  const details = lines.slice(-detailLines).join('\n');
  for (const { pattern, explain } of causes) {
    const found = pattern.exec(said);
    if (found) return { ...explain(found, said, builder, details), place, details };
  }
  return {
    what: 'The build failed.',
    why: said === '' ? 'buildx said nothing.' : `${said}.`,
    remedy: 'The end of its log is in the details.',
    place,
    details,
  };
}

/** An error as buildx prints it last, without what it says of every error. */
export function withoutPrefix(line: string): string {
  return line.replace(/^ERROR: (?:failed to (?:build|solve|receive status): )*/, '');
}

/**
 * BuildKit shows an excerpt under `<name>:<line>` for what comes from a line of the Dockerfile. It is
 * the last one: what a step printed before may look so, too.
 */
function findPlace(text: string, dockerfile: string): Place | undefined {
  const [, line] = [...text.matchAll(/^[^\s:]*:(\d+)\n-{10,}\n/gm)].at(-1) ?? [];
  return line === undefined ? undefined : { file: dockerfile, line: Number(line) };
}
