import { plainText } from '../log/sanitize.ts';

/**
 * GitHub-flavoured Markdown that is ours: it was written here, or went through {@link prose} or
 * {@link code}. Being a type of its own, text of others cannot get into a report by being forgotten.
 */
export class Markdown {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const inProse = /[\\`*_[\]<>|~&^]/g;
/** Between tags of ours GitHub still looks for addresses and formulas, and a quote ends an attribute. */
const inCode = /[\\`*_[\]<>|~&^@:$"']|(?<=\bwww)\./gi;

/**
 * Untrusted text as prose of one line. What could be structure becomes a character reference, which
 * never is (CommonMark 6.2). Mentions, issue numbers, emoji codes and bare addresses, which GitHub
 * looks for after rendering, are broken by a space of no width.
 */
export function prose(text: string): Markdown {
  return new Markdown(
    plainText(text)
      .replace(/\s+/g, ' ')
      .trim()
      .replace(inProse, reference)
      .replace(/@(?=\w)/g, '@&#8203;')
      .replace(/(?<!&)#(?=\d)/g, '#&#8203;')
      .replace(/\b(GH)-(?=\d)/gi, '$1&#8203;-')
      .replace(/:(?=[\w+/-])/g, ':&#8203;')
      .replace(/\b(www)\./gi, '$1&#8203;.')
      // GitHub's way to keep a dollar sign from beginning a formula.
      .replaceAll('$', '<span>&#36;</span>')
      .replace(/^[#+=-]/, reference)
      .replace(
        /^(\d+)([.)])(?=\s|$)/,
        (_, number: string, mark: string) => number + reference(mark),
      ),
  );
}

/** Untrusted text as code of one line: GitHub neither links nor expands it, and it can be copied. */
export function code(text: string): Markdown {
  const line = plainText(text).replace(/\s+/g, ' ').trim();
  return new Markdown(line === '' ? '' : `<code>${line.replace(inCode, reference)}</code>`);
}

/** A link; one that does not lead to a web server is only its text. */
export function link(label: Markdown, url: string | undefined): Markdown {
  const address = URL.parse(url ?? '');
  if (address?.protocol !== 'https:' && address?.protocol !== 'http:') return label;
  return new Markdown(`<a href="${address.href.replace(inCode, reference)}">${label.text}</a>`);
}

/**
 * Markdown with values in it: Markdown stays as it is, everything else becomes {@link prose}.
 *
 * @example md`**${count}** findings in ${code(image)}`
 */
export function md(
  parts: TemplateStringsArray,
  ...values: readonly (Markdown | string | number)[]
): Markdown {
  return new Markdown(String.raw({ raw: parts }, ...values.map((value) => asMarkdown(value).text)));
}

/** Puts blocks below each other; those that are `undefined` are left out. */
export function blocks(...all: readonly (Markdown | undefined)[]): Markdown {
  return new Markdown(
    all
      .filter((block) => block !== undefined)
      .map((block) => block.text)
      .join('\n\n'),
  );
}

function asMarkdown(value: Markdown | string | number): Markdown {
  return value instanceof Markdown ? value : prose(String(value));
}

function reference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
