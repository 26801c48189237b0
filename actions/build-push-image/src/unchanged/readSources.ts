import type { Reach } from './contextReach.ts';
import type { Instruction } from './parseDockerfile.ts';
import { Undecided } from './Undecided.ts';

/** Where one instruction gets files from. */
export interface Sources {
  /** Of the build context. */
  readonly context: Reach;
  /** Stages, named contexts or images, as they are written. */
  readonly from: readonly string[];
}

const nothing: Sources = { context: [], from: [] };

/** @throws {Undecided} when something is fetched that its text does not pin */
export function readSources(instruction: Instruction): Sources {
  switch (instruction.keyword) {
    case 'COPY':
      return readCopy(instruction);
    case 'ADD':
      return readCopy(instruction);
    case 'RUN':
      return readMounts(instruction);
    default:
      return nothing;
  }
}

function readCopy({ keyword, flags, words }: Instruction): Sources {
  const from = flags.find(([name]) => name === 'from')?.[1];
  if (from !== undefined) return { context: [], from: [from] };
  if (words === undefined) {
    if (keyword === 'ADD') throw new Undecided('an ADD of the Dockerfile is hard to read');
    return { context: 'all', from: [] };
  }
  const inline = (word: string) => word.startsWith('<<');
  const sources = words.slice(0, -1).filter((word) => !inline(word));
  if (keyword !== 'ADD') return { context: narrow(sources), from: [] };
  const pinned = flags.some(([name]) => name === 'checksum');
  const local = sources.filter((source) => !isRemote(source, pinned));
  return { context: narrow(local), from: [] };
}

/** A source with a variable, a quote or an escape may mean any path. */
function narrow(sources: readonly string[]): Reach {
  return sources.some((source) => /[$"'\\]/.test(source)) ? 'all' : sources;
}

const remote = /^["']?(?:https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|[\w.-]+@[\w.-]+:)/;
const remoteStarts = ['http://', 'https://', 'git://', 'ssh://', 'github.com/', 'git@'];

/** @throws {Undecided} when it is, and another content could come tomorrow */
function isRemote(source: string, pinned: boolean): boolean {
  const [literal = ''] = source.replace(/^["']/, '').split('$');
  if (literal !== source && remoteStarts.some((start) => start.startsWith(literal))) {
    throw new Undecided(`ADD ${source} could be an address`);
  }
  if (!remote.test(source)) return false;
  if (pinned || /#[0-9a-f]{40}(?::|$)/.test(source)) return true;
  throw new Undecided(`ADD ${source} has no checksum`);
}

/** `RUN --mount`: of the kinds, only bind and cache have a source. */
function readMounts({ flags }: Instruction): Sources {
  const context: string[] = [];
  const from: string[] = [];
  let all = false;
  for (const [name, value] of flags) {
    if (name !== 'mount') continue;
    if (value.includes('"')) throw new Undecided('a RUN --mount of the Dockerfile is quoted');
    const fields = new Map(
      value.split(',').map((field) => {
        const [key = '', ...rest] = field.split('=');
        return [key.trim().toLowerCase(), rest.join('=')] as const;
      }),
    );
    const origin = fields.get('from');
    if (origin !== undefined) from.push(origin);
    else if ((fields.get('type') ?? 'bind') === 'bind') {
      const reach = narrow([fields.get('source') ?? fields.get('src') ?? '/']);
      if (reach === 'all') all = true;
      else context.push(...reach);
    }
  }
  return { context: all ? 'all' : context, from };
}
