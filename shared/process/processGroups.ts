/** Process groups that still run; whatever way we leave, none of them stays. */
const groups = new Set<number>();
process.on('exit', () => {
  for (const group of groups) signalGroup(group, 'SIGKILL');
});

/** Has the group killed when we end, unless it `hasEnded` before. */
export function endWithUs(group: number): void {
  groups.add(group);
}

/** The group is empty: another one may get its number. */
export function hasEnded(group: number): void {
  groups.delete(group);
}

export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    // Nobody is left in the group.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
