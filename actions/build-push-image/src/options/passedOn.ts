/** How the text of an input is read: entries by line and comma, by line only, one text, or a switch. */
export type Form = 'list' | 'lines' | 'text' | 'switch';

/** An input that goes to `buildx build` as it is. */
export interface PassedOn {
  readonly flag: string;
  readonly form: Form;
  /** What one entry has to look like, and how to say it. */
  readonly entry?: { readonly pattern: RegExp; readonly remedy: string };
}

const attributes = {
  pattern: /^(type=\w[\w-]*|[^=,\s]+)(,|$)/,
  remedy: 'Write it as `type=…,key=value`.',
};

/**
 * The inputs that docker/build-push-action 7 hands to buildx unchanged, with its names, its meaning and
 * its order. What needs more than that (context, tags, labels, outputs, attestations, secrets) is read by itself.
 */
export const passedOn = {
  'add-hosts': {
    flag: '--add-host',
    form: 'list',
    entry: { pattern: /^[^:=\s]+[:=]\S+$/, remedy: 'Write `host:address`.' },
  },
  allow: { flag: '--allow', form: 'list' },
  'build-contexts': {
    flag: '--build-context',
    form: 'lines',
    // A name with nothing behind it is what an output that was dropped looks like.
    entry: {
      pattern: /^[^=\s]+=(?!\w[\w+-]*:\/\/$)\S+/,
      remedy: 'Write `name=context`, such as `base=docker-image://name@sha256:…`.',
    },
  },
  'cache-from': { flag: '--cache-from', form: 'lines', entry: attributes },
  'cache-to': { flag: '--cache-to', form: 'lines', entry: attributes },
  call: { flag: '--call', form: 'text' },
  'cgroup-parent': { flag: '--cgroup-parent', form: 'text' },
  network: { flag: '--network', form: 'text' },
  'no-cache': { flag: '--no-cache', form: 'switch' },
  'no-cache-filters': { flag: '--no-cache-filter', form: 'list' },
  pull: { flag: '--pull', form: 'switch' },
  'shm-size': {
    flag: '--shm-size',
    form: 'text',
    entry: { pattern: /^\d+(b|k|m|g|kb|mb|gb)?$/i, remedy: 'Write a size, such as `2g`.' },
  },
  ssh: { flag: '--ssh', form: 'list' },
  target: { flag: '--target', form: 'text' },
  ulimit: {
    flag: '--ulimit',
    form: 'lines',
    entry: { pattern: /^\w+=-?\d+(:-?\d+)?$/, remedy: 'Write `name=soft:hard`.' },
  },
} as const satisfies Readonly<Record<string, PassedOn>>;

export type PassedOnName = keyof typeof passedOn;

/** What was given, by input; nothing under what was not. */
export type PassedOnValues = Readonly<Partial<Record<PassedOnName, readonly string[]>>>;
