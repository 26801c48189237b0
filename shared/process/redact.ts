import { Buffer } from 'node:buffer';

/** What stands where a secret stood; the runner uses the same. */
const mask = '***';

/** Shorter lines of a secret of several lines are too common to be redacted on their own. */
const shortestLine = 8;

/**
 * The forms in which a secret can come back out of a program: as it is, its lines one by one (keys in
 * PEM), in JSON, in a URL, in base64. A secret of white space only has no form.
 */
export function secretForms(secret: string): string[] {
  if (secret.trim() === '') return [];
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const plain = [secret, secret.trim(), ...lines.filter((line) => line.length >= shortestLine)];
  const forms = plain.flatMap((form) => [
    form,
    JSON.stringify(form).slice(1, -1),
    encodeURIComponent(form.toWellFormed()),
    ...base64Forms(form),
  ]);
  return [...new Set(forms)].filter((form) => form.length > 0);
}

/**
 * In base64 a secret looks different at each of three offsets in its surroundings, and the outermost
 * characters depend on its neighbours (`user:password` of an Authorization header).
 */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  if (bytes.length < shortestLine) return [bytes.toString('base64')];
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const start = Math.ceil((offset * 8) / 6);
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(start, whole);
  });
}

/**
 * Removes secrets from a stream of text whose chunks may cut a secret anywhere. Text that could
 * still become a secret is held back until the next chunk, or `end`.
 */
export class Redactor {
  readonly #forms: readonly string[];
  #pending = '';

  constructor(secrets: Iterable<string>) {
    this.#forms = [...new Set([...secrets].flatMap(secretForms))];
  }

  /** Takes the next chunk; gives what is safe to show. */
  write(chunk: string): string {
    if (this.#forms.length === 0) return chunk;
    this.#pending += chunk;
    const spans = this.#spans(this.#pending);
    const held = this.#holdFrom(this.#pending, spans);
    const safe = replaceSpans(this.#pending.slice(0, held), spans);
    this.#pending = this.#pending.slice(held);
    return safe;
  }

  /** Gives the rest. */
  end(): string {
    const rest = replaceSpans(this.#pending, this.#spans(this.#pending));
    this.#pending = '';
    return rest;
  }

  /** Where secrets stand; overlapping ones make one span, so that none of either is left. */
  #spans(text: string): [from: number, to: number][] {
    const found: [number, number][] = [];
    for (const form of this.#forms) {
      for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
        found.push([at, at + form.length]);
      }
    }
    found.sort((a, b) => a[0] - b[0]);
    const merged: [number, number][] = [];
    for (const [from, to] of found) {
      const last = merged.at(-1);
      if (last && from < last[1]) last[1] = Math.max(last[1], to);
      else merged.push([from, to]);
    }
    return merged;
  }

  /** The first character that the next chunk may make part of a secret. */
  #holdFrom(text: string, spans: readonly [number, number][]): number {
    let held = text.length;
    for (const form of this.#forms) {
      const longest = Math.min(form.length - 1, text.length);
      for (let length = longest; length > text.length - held; length--) {
        if (text.endsWith(form.slice(0, length))) held = text.length - length;
      }
    }
    const cut = spans.find(([from, to]) => from < held && held < to);
    return cut ? cut[0] : held;
  }
}

function replaceSpans(text: string, spans: readonly [number, number][]): string {
  let result = '';
  let at = 0;
  for (const [from, to] of spans) {
    if (from >= text.length) break;
    result += text.slice(at, from) + mask;
    at = to;
  }
  return result + text.slice(at);
}

/** Removes secrets from a whole text. */
export function redact(text: string, secrets: Iterable<string>): string {
  const redactor = new Redactor(secrets);
  return redactor.write(text) + redactor.end();
}
