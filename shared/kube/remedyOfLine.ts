/** What a program's last words tell better than its exit code. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/exec format error/, 'Build the image for the architecture of the nodes.'],
  [
    /read-only file ?system|EROFS/i,
    'Mount an emptyDir where the program writes, or let go of readOnlyRootFilesystem in the chart.',
  ],
  [
    /permission denied|EACCES|operation not permitted|EPERM/i,
    'Give the user of the container the right to it: runAsUser or fsGroup in the chart, or the owner in the Dockerfile.',
  ],
  [
    /unrecognized option|invalid option|unknown (?:flag|option|argument)|flag provided but not defined/i,
    'Correct the arguments in the chart: the program does not know one of them.',
  ],
  [
    /address already in use|EADDRINUSE/i,
    'Let the containers of the pod listen on different ports.',
  ],
  [
    /\btcp:\/\/\d+\.\d+\.\d+\.\d+:\d+/,
    'For a service of the same name the cluster sets the variable NAME_PORT to such an address: set `enableServiceLinks: false` in the pod, or the variable in the chart.',
  ],
  [
    /\bis a directory\b|EISDIR/i,
    'Check the key that is mounted there by `subPath`: one that its config map or secret has not becomes an empty folder.',
  ],
  [
    /\block\b.*\b(?:held|in use|another (?:process|instance))|could not (?:obtain|acquire).*\block\b|database is locked/i,
    'Set the strategy `Recreate` in the chart where the pod before still holds the volume, or remove a lock that a killed one left.',
  ],
  [
    /password authentication failed|access denied for user|invalid (?:user ?name|password|credentials)|authentication failed/i,
    'Correct the credentials in the Secret from which the container has them.',
  ],
  [/no space left on device|ENOSPC/i, 'Enlarge the volume, or clear it.'],
];

/** The remedy that a decisive log line names; `undefined` when it is the program's own matter. */
export function remedyOfLine(line: string): string | undefined {
  return remedies.find(([pattern]) => pattern.test(line))?.[1];
}
