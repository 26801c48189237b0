const dayMs = 24 * 60 * 60 * 1000;

/** How long ago something was, for people: `today`, `9 days ago`, `5 months ago`, `3 years ago`. */
export function ago(at: number, now: number): string {
  const days = Math.floor((now - at) / dayMs);
  if (days < 1) return 'today';
  if (days < 60) return days === 1 ? '1 day ago' : `${days} days ago`;
  const months = Math.floor(days / 30.44);
  return months < 24 ? `${months} months ago` : `${Math.floor(days / 365.25)} years ago`;
}
