const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size for people, in decimal units as registries show it: `512 B`, `4.2 MB`, `-1.0 kB`. */
export function formatBytes(bytes: number): string {
  let size = Math.abs(bytes);
  let unit = 0;
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${bytes < 0 ? '-' : ''}${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}
