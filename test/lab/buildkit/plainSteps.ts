/** The steps that `buildx build --progress plain` printed: a step fails by a line `#N ERROR: …`. */
export function plainSteps(output: string): { text: string; error: string | undefined }[] {
  const texts = new Map<string, string>();
  const errors = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [, step = '', text = ''] = /^#(\d+) (.*)$/.exec(line) ?? [];
    const [, error] = /^ERROR: (.*)$/.exec(text) ?? [];
    if (error !== undefined) errors.set(step, error);
    else if (step !== '' && !texts.has(step)) texts.set(step, text);
  }
  return [...texts].map(([step, text]) => ({ text, error: errors.get(step) }));
}
