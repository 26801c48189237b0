import { oneLine } from '../log/oneLine.ts';
import type { Outcome } from '../process/run.ts';
import type { Gap } from '../verdict/Inspection.ts';

/** The functions that an error went through. */
const wrappers = /^(?:(?:[\w ]+ error|[\w ]+ failed|failed [^:]*|unable to [^:]*): )+/;

/** Longer explanations are in the details. */
const longestWhy = 300;

/** What Trivy's last words mean, and what then helps. Its words quote servers, so they only sort. */
const causes: readonly { readonly pattern: RegExp; readonly remedy: string }[] = [
  {
    pattern: /TOOMANYREQUESTS|\b429\b/,
    remedy:
      'The registry limits requests: log in to it, give a mirror of your own (db-repository for the database), or try again later.',
  },
  {
    pattern: /UNAUTHORIZED|\b401\b/,
    remedy: 'Log in to the registry in an earlier step of this job.',
  },
  {
    pattern: /DENIED|\b403\b/,
    remedy: 'Give this identity the right to pull from the repository.',
  },
  {
    pattern: /MANIFEST_UNKNOWN|NAME_UNKNOWN|BLOB_UNKNOWN|\b404\b/,
    remedy: 'Check the name, and that the step that pushes it ran before this one.',
  },
  {
    pattern: /no space left on device/,
    remedy:
      'Free some disk on this runner, or use a larger one: an image is unpacked here, and a layer can be many times what the registry stores of it.',
  },
  {
    pattern: /exceeds maximum allowed size/,
    remedy: 'Make the image smaller, or raise the limit (max-image-size).',
  },
  {
    pattern: /zip: |gzip: invalid|flate: corrupt|invalid tar header|unexpected EOF.*(?:layer|tar)/,
    remedy: 'A layer or an archive in it is damaged: build and push the image again.',
  },
  {
    pattern: /Java DB/,
    remedy:
      'Some Java archives name no module, and only the Java database of Trivy knows those: leave them out (skip-files).',
  },
  {
    pattern: /SBOM decode error/,
    remedy: 'Give an SBOM in CycloneDX (JSON) or SPDX (JSON, tag-value).',
  },
  {
    pattern: /no such file or directory|not found in tar|not a directory/,
    remedy: 'Check the path, and that the step that writes it ran before this one.',
  },
  {
    pattern: /x509|tls:/i,
    remedy: 'Make the certificate authority known to this runner (NODE_EXTRA_CA_CERTS).',
  },
  {
    pattern:
      /no such host|connection refused|connection reset|network is unreachable|i\/o timeout|unexpected EOF|\b50[0-4]\b/,
    remedy:
      'Check that this runner reaches the registry (firewall, proxy, DNS), then run the step again.',
  },
  {
    pattern: /unsupported artifact type/,
    remedy: 'Give the digest of an image; this one is of another kind of artifact.',
  },
  {
    pattern: /schema version/,
    remedy: 'Give a database of the version that Trivy expects (tag 2).',
  },
];

/**
 * Why a run of Trivy did not do its work.
 *
 * @param task what it should have done, as `Trivy could not …` goes on
 * @param timeoutMs the limit that it was given
 */
export function explainTrivy(outcome: Outcome, task: string, timeoutMs: number): Gap {
  const details = outcome.stderr.trim() || undefined;
  const what = `Trivy could not ${task}.`;
  if (outcome.endedBy === 'deadline') {
    return {
      what: `${what} It did not finish within ${timeoutMs / 1000} s.`,
      remedy: 'Raise `timeout`, or look in the log for what it waited for.',
      details,
    };
  }
  if (outcome.killedBy !== undefined) {
    return {
      what: `${what} It was killed (${outcome.killedBy}).`,
      remedy:
        'A machine that runs out of memory kills so: use a larger runner, or run fewer jobs on it.',
      details,
    };
  }
  if (outcome.startError !== undefined) {
    return {
      what: `${what} It could not be started: ${oneLine(outcome.startError)}.`,
      remedy: 'Check that this runner may execute programs from its tool cache.',
    };
  }
  const words = lastWords(outcome.stderr);
  const known = causes.find(({ pattern }) => pattern.test(words));
  return {
    what,
    why: `It ended with exit code ${outcome.exitCode}${words === '' ? ' and said nothing' : `: ${bothEnds(cause(words))}`}.`,
    remedy: known?.remedy ?? 'Read its own words in the details, then run the step again.',
    details,
  };
}

/** What it did stands at the beginning, what the system said to that at the end. */
function bothEnds(text: string): string {
  const line = oneLine(text, 4 * longestWhy);
  if (line.length <= longestWhy) return line;
  const half = longestWhy / 2;
  return `${line.slice(0, half).toWellFormed()} … ${line.slice(-half).toWellFormed()}`;
}

/** From the fatal error on; a lost connection's story goes over several lines. */
function lastWords(stderr: string): string {
  const at = stderr.lastIndexOf('\tFATAL\t');
  const words = at === -1 ? (stderr.trim().split('\n').at(-1) ?? '') : stderr.slice(at);
  return withoutStack(words).trim();
}

/** With --debug each function has a line of its own, and its place in the source two more. */
function withoutStack(words: string): string {
  const parts = [...words.matchAll(/^ {2}- (.*)$/gm)].map(([, part]) => part);
  return parts.length === 0 ? words : `FATAL\tFatal error\t${parts.join(' ').replace(/:$/, '')}`;
}

/** Trivy names each of its functions on the way to the cause; the cause is what comes after them. */
function cause(words: string): string {
  const listed = /\n\s*\* (?:remote error: )?([\s\S]+)/.exec(words)?.[1];
  return listed ?? words.replace(/^FATAL\t(?:Fatal e|E)rror\t/, '').replace(wrappers, '');
}
