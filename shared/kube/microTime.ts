/** Now, as metav1.MicroTime: six digits of a second. */
export function microTime(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
