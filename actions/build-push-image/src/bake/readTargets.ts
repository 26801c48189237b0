import * as v from 'valibot';
import { parseReference, type Reference } from '../../../../shared/oci/Reference.ts';

/** A target, as buildx understands it: all files merged, all that it inherits and that is set applied. */
export interface BakeTarget {
  readonly name: string;
  /** Whether it was asked for; another target may only build on it, and then it is not pushed. */
  readonly asked: boolean;
  /** A folder, or an address. */
  readonly context: string;
  readonly dockerfile: string;
  /** The Dockerfile itself, where the bake file holds it. */
  readonly inline: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly stage: string | undefined;
  readonly tags: readonly Reference[];
  readonly platforms: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: readonly string[];
  /** By name: `target:…` is another target. */
  readonly contexts: Readonly<Record<string, string>>;
  /** The ids of its secrets. */
  readonly secrets: readonly string[];
  readonly ssh: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  /** Whether its file says itself where the result goes. */
  readonly hasOutput: boolean;
  /** Whether that is more than an image in a registry. */
  readonly hasOtherOutput: boolean;
  /** Whether its file says itself what is attested. */
  readonly attests: boolean;
  /** Whether its file says itself where layers are kept. */
  readonly hasCaches: boolean;
  /** All else that is said of it, JSON: some of it changes the image. */
  readonly others: string;
}

const list = v.optional(v.array(v.unknown()), []);
const texts = v.optional(v.array(v.string()), []);
const named = v.optional(v.record(v.string(), v.string()), {});

const schema = v.object({
  group: v.optional(v.record(v.string(), v.object({ targets: texts })), {}),
  target: v.record(
    v.string(),
    v.looseObject({
      context: v.optional(v.string(), '.'),
      dockerfile: v.optional(v.string(), 'Dockerfile'),
      'dockerfile-inline': v.optional(v.string()),
      args: named,
      target: v.optional(v.string()),
      tags: texts,
      platforms: texts,
      labels: named,
      annotations: texts,
      contexts: named,
      secret: list,
      ssh: list,
      'no-cache': v.optional(v.boolean(), false),
      'no-cache-filter': texts,
      pull: v.optional(v.boolean(), false),
      output: list,
      attest: list,
      'cache-from': list,
      'cache-to': list,
    }),
  ),
});

type Printed = v.InferOutput<typeof schema>;

/** Reads what `buildx bake --print` says. */
export function readTargets(printed: string): readonly BakeTarget[] {
  const definition = v.parse(schema, JSON.parse(printed));
  const asked = askedFor(definition);
  return Object.entries(definition.target).map(([name, given]) => {
    const { target, secret, output, attest, tags, 'dockerfile-inline': inline, ...fields } = given;
    const { 'no-cache': noCache, 'no-cache-filter': filters, ssh, ...rest } = fields;
    const { 'cache-from': from, 'cache-to': to, ...more } = rest;
    const { context, dockerfile, args, platforms, labels, annotations, contexts, pull, ...others } =
      more;
    return {
      ...{ name, context, dockerfile, inline, args, platforms, labels, annotations, contexts },
      asked: asked.has(name),
      stage: target,
      tags: tags.map(parseReference),
      secrets: secret.map(idOf),
      ssh: ssh.map((one) => JSON.stringify(one)),
      noCache: noCache || filters.length > 0,
      pull,
      hasOutput: output.length > 0,
      hasOtherOutput: !output.every(isPush),
      attests: attest.length > 0,
      hasCaches: from.length > 0 || to.length > 0,
      others: JSON.stringify({ ...others, attest }),
    };
  });
}

/** What buildx calls the group `default` is what it was asked for, and may name other groups. */
function askedFor({ group, target }: Printed): ReadonlySet<string> {
  const asked = new Set<string>();
  const open = new Set<string>();
  const add = (name: string) => {
    if (Object.hasOwn(target, name)) asked.add(name);
    else if (!open.has(name)) {
      open.add(name);
      for (const member of group[name]?.targets ?? []) add(member);
    }
  };
  for (const name of group.default?.targets ?? Object.keys(target)) add(name);
  return asked;
}

function idOf(secret: unknown): string {
  return String((secret as { readonly id?: unknown }).id);
}

/** Such as `--push` alone means. */
function isPush(output: unknown): boolean {
  const { type, push, ...others } = output as Readonly<Record<string, unknown>>;
  const pushes = type === 'registry' || (type === 'image' && String(push) === 'true');
  return pushes && Object.keys(others).length === 0;
}
