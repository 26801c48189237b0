const dayMs = 24 * 60 * 60 * 1000;

/** How long ago something was, for people: `today`, `9 days`, `5 months`, `3 years`. */
export function formatAge(at: number, now: number): string {
  const days = Math.floor((now - at) / dayMs);
  if (days < 1) return 'today';
  if (days < 60) return days === 1 ? '1 day' : `${days} days`;
  const months = Math.floor(days / 30.44);
  return months < 24 ? `${months} months` : `${Math.floor(days / 365.25)} years`;
}
