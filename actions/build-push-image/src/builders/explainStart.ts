import type { FailureParts } from '../../../../shared/failure/Failure.ts';
import { plainText } from '../../../../shared/log/sanitize.ts';

const elsewhere =
  'or let it build elsewhere: the address of a BuildKit, or `kubernetes`, in `builder`';

/** What BuildKit, unshare and rootlesskit say where they may not do what they have to. */
const causes: readonly (readonly [
  RegExp,
  (root: boolean) => Pick<FailureParts, 'why' | 'remedy'>,
])[] = [
  [
    /subuid|subgid|newuidmap|newgidmap|uid_map|gid_map/,
    () => ({
      why: 'This user has no range of user ids for what runs in a build.',
      remedy: `Give it one in /etc/subuid and /etc/subgid (\`runner:100000:65536\`), with the package uidmap installed, ${elsewhere}.`,
    }),
  ],
  [
    /could not lock|another instance running|buildkitd\.lock/,
    () => ({
      why: 'Another BuildKit uses the same `root` now.',
      remedy: 'Give each step that runs at the same time a `root` of its own, or none.',
    }),
  ],
  [
    /mount[^\n]*\/proc[^\n]*(not permitted|denied)/,
    () => ({
      why: 'This container may not mount a /proc of its own.',
      remedy: `Write \`start?process-sandbox=false\` in \`builder\` (a RUN step then sees the processes of BuildKit), ${elsewhere}.`,
    }),
  ],
  [
    /not permitted|permission denied|EPERM/i,
    (root) => ({
      why: root
        ? 'This container may not make namespaces and mounts.'
        : 'This machine does not let its users make namespaces of their own.',
      remedy: root
        ? `Run the job's container privileged, or as a user other than root, ${elsewhere}.`
        : `Allow it (on Ubuntu: \`sysctl kernel.apparmor_restrict_unprivileged_userns=0\`, or a profile for rootlesskit), ${elsewhere}.`,
    }),
  ],
  [
    /no space left on device/,
    () => ({ why: 'The disk is full.', remedy: 'Free disk, for instance with `free-disk: true`.' }),
  ],
];

/**
 * Why a BuildKit did not start.
 *
 * @param log all that it wrote (untrusted)
 */
export function explainStart(log: string, root: boolean): FailureParts {
  const text = plainText(log).trim();
  const lines = text.split('\n');
  // Each line of a warning may hold a word of these; what ended it comes last.
  const last = lines.filter((line) => !/level=(info|warning|debug)/.test(line)).join('\n');
  const found = causes.find(([pattern]) => pattern.test(last));
  return {
    what: 'A BuildKit could not be started on this runner.',
    ...(found?.[1](root) ?? {
      why: `It says: ${lines.at(-1) || 'nothing'}.`,
      remedy: `Its log is in the details; correct that, ${elsewhere}.`,
    }),
    details: text,
  };
}
