import Handlebars from 'handlebars';
import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { nearest } from '../../../../shared/text/nearest.ts';
import type { Expand, Values } from './Expand.ts';
import { formatDate } from './formatDate.ts';

const helpers = ['date', 'commit_date', 'if', 'unless'] as const;

/**
 * Only what a tag needs: a text may come from a pull request's title, and Handlebars' own `log` would
 * write a workflow command, partials call themselves without end, and paths reach into objects.
 */
const allowed = new Set<string>([
  'Program',
  'MustacheStatement',
  'BlockStatement',
  'ContentStatement',
  'CommentStatement',
  'PathExpression',
  'StringLiteral',
  'Hash',
  'HashPair',
]);

/** Makes what replaces expressions, in Handlebars' grammar. Nothing is escaped: no HTML is made. */
export function makeExpand(global: Values, now: Date, commitDate: Date): Expand {
  const handlebars = Handlebars.create();
  for (const name of Object.keys(handlebars.helpers)) {
    if (!(helpers as readonly string[]).includes(name)) handlebars.unregisterHelper(name);
  }
  handlebars.registerHelper('date', dateHelper(now));
  handlebars.registerHelper('commit_date', dateHelper(commitDate));

  return (text, values = {}) => {
    if (!text.includes('{{')) return text;
    const known: Values = { ...global, ...values };
    try {
      new Check([...helpers, ...Object.keys(known)]).accept(handlebars.parse(text));
      const render = handlebars.compile(text, {
        noEscape: true,
        strict: true,
        knownHelpersOnly: true,
        knownHelpers: { date: true, commit_date: true },
      });
      return render(known);
    } catch (error) {
      if (error instanceof InputProblem) throw error;
      throw new InputProblem(
        `its expressions cannot be read: ${oneLine(error instanceof Error ? error.message : String(error))}`,
        'Write `{{name}}`, and `\\{{` for braces that are meant as such.',
      );
    }
  };
}

/** Goes through the parsed text before anything of it runs. */
class Check extends Handlebars.Visitor {
  readonly #names: readonly string[];
  constructor(names: readonly string[]) {
    super();
    this.#names = names;
  }

  override accept(node: hbs.AST.Node): void {
    if (node !== undefined && node !== null && !allowed.has(node.type)) {
      throw new InputProblem(
        'it has more than expressions, {{#if}} and {{#unless}}',
        `Expressions are ${this.#names.join(', ')}.`,
      );
    }
    super.accept(node);
  }

  override PathExpression(path: hbs.AST.PathExpression): void {
    if (!path.data && this.#names.includes(path.original)) return;
    const near = nearest(path.original, this.#names);
    throw new InputProblem(
      `there is no expression {{${oneLine(path.original)}}} here`,
      `${near === undefined ? '' : `Did you mean {{${near}}}? `}There are ${this.#names.join(', ')}.`,
    );
  }
}

function dateHelper(date: Date) {
  return (...given: unknown[]): string => {
    const options = given.at(-1) as Handlebars.HelperOptions;
    const [format] = given.slice(0, -1);
    const { tz, ...unknown }: Readonly<Record<string, unknown>> = options.hash;
    const [other] = Object.keys(unknown);
    if (other !== undefined || given.length > 2) {
      throw new InputProblem(
        other === undefined ? 'a date has more than one format' : `a date has no ${other}`,
        "Write `{{date 'YYYYMMDD' tz='Asia/Tokyo'}}`.",
      );
    }
    try {
      return formatDate(date, optional(format), optional(tz));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new InputProblem(
        `${JSON.stringify(tz)} is not a time zone`,
        'Write its name in the IANA database, such as Europe/Paris.',
      );
    }
  };
}

function optional(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
