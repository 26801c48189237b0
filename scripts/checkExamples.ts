import { parse } from 'yaml';
import type { ActionMetadata } from './actions.ts';
import type { Need } from './readNeeds.ts';

/** What a check of examples knows of our actions. */
export interface Known {
  /** `owner/name` of this repository. */
  readonly repository: string;
  readonly actions: Readonly<Record<string, ActionMetadata>>;
  /** What each action says it needs of GitHub. */
  readonly needs: Readonly<Record<string, readonly Need[]>>;
}

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly steps?: readonly Step[];
  readonly outputs?: Readonly<Record<string, string>>;
  readonly permissions?: unknown;
}
interface Workflow {
  readonly permissions?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

/**
 * Checks a workflow against what our actions take and give.
 *
 * @param text the workflow, YAML
 * @returns what is wrong, one sentence each; nothing when all is right
 */
export function checkExample(text: string, known: Known): string[] {
  const { jobs = {}, permissions } = parse(text) as Workflow;
  return [
    ...Object.entries(jobs).flatMap(([name, job]) => [
      ...(permissions === undefined && job.permissions === undefined
        ? [`job ${name}: no permissions are set, so it has all that the repository gives`]
        : []),
      ...(job.steps ?? []).flatMap((step) => [
        ...checkStep(step, text, known),
        ...checkNeeds(name, step, job.permissions ?? permissions, known),
      ]),
    ]),
    ...checkOutputs(jobs, text, known),
    ...checkSecrets(text),
  ];
}

function checkStep({ uses, with: given = {} }: Step, text: string, known: Known): string[] {
  if (uses === undefined) return [];
  const ours = /^([^/]+\/[^/]+)\/actions\/([^@]+)@(.+)$/.exec(uses);
  if (ours === null) {
    const pinned = /^[^@]+@[0-9a-f]{40}$/.test(uses) && text.includes(`${uses} # v`);
    return pinned || uses.startsWith('./')
      ? []
      : [`${uses} is not pinned by its commit, with the version as a comment`];
  }
  const [, repository, name = '', ref] = ours;
  const action = known.actions[name];
  if (action === undefined) return [`${uses}: there is no such action`];
  return [
    ...(repository === known.repository ? [] : [`${uses}: our repository is ${known.repository}`]),
    ...(ref === 'v1' ? [] : [`${uses}: examples use v1`]),
    ...Object.keys(given)
      .filter((key) => action.inputs?.[key] === undefined)
      .map((key) => `${name} has no input ${key}`),
    ...Object.entries(given)
      .filter(([key, value]) => String(value).includes('secrets.') && !isSecret(action, key))
      .map(([key]) => `${name}: the input ${key} takes no secret`),
    ...Object.entries(action.inputs ?? {})
      .filter(([key, input]) => input.required && given[key] === undefined)
      .map(([key]) => `${name}: the required input ${key} is missing`),
  ];
}

/** Inputs that take a secret say so with the first word of their description. */
function isSecret({ inputs = {} }: ActionMetadata, key: string): boolean {
  return inputs[key] === undefined || inputs[key].description.startsWith('Secret. ');
}

/** What the step's action needs of GitHub with these inputs, the job has. */
function checkNeeds(
  job: string,
  { uses = '', with: given = {} }: Step,
  permissions: unknown,
  { needs }: Known,
): string[] {
  const name = /\/actions\/([^@]+)@/.exec(uses)?.[1] ?? '';
  return (needs[name] ?? [])
    .filter(({ input }) => input === undefined || given[input] !== undefined)
    .filter(({ permission, level }) => !gives(permissions, permission, level))
    .map(
      ({ permission, level }) => `job ${job}: ${name} needs the permission ${permission}: ${level}`,
    );
}

function gives(permissions: unknown, permission: string, level: Need['level']): boolean {
  if (typeof permissions === 'string') {
    return permissions === 'write-all' || (permissions === 'read-all' && level === 'read');
  }
  const given = (permissions as Record<string, string> | undefined)?.[permission];
  return given === 'write' || given === level;
}

/** Each `steps.X.outputs.Y`, directly or through a job's outputs, is one that the action gives. */
function checkOutputs(jobs: Readonly<Record<string, Job>>, text: string, known: Known): string[] {
  const wrong: string[] = [];
  for (const [jobName, job] of Object.entries(jobs)) {
    const jobText = JSON.stringify(job);
    for (const [, id = '', output = ''] of jobText.matchAll(
      /steps\.([\w-]+)\.outputs\.([\w-]+)/g,
    )) {
      const step = job.steps?.find((candidate) => candidate.id === id);
      const name = /\/actions\/([^@]+)@/.exec(step?.uses ?? '')?.[1];
      if (step === undefined) wrong.push(`job ${jobName} has no step ${id}`);
      else if (name !== undefined && known.actions[name]?.outputs?.[output] === undefined) {
        wrong.push(`${name} has no output ${output}`);
      }
    }
  }
  for (const [, job = '', output = ''] of text.matchAll(/needs\.([\w-]+)\.outputs\.([\w-]+)/g)) {
    if (jobs[job]?.outputs?.[output] === undefined)
      wrong.push(`job ${job} has no output ${output}`);
  }
  return wrong;
}

/** A person has to be told which secrets to set: each is named in a comment. */
function checkSecrets(text: string): string[] {
  const comments = text
    .split('\n')
    .filter((line) => line.trim().startsWith('#'))
    .join('\n');
  return [...new Set([...text.matchAll(/secrets\.(\w+)/g)].map(([, name = '']) => name))]
    .filter((name) => name !== 'GITHUB_TOKEN' && !comments.includes(name))
    .map((name) => `the secret ${name} is explained in no comment`);
}

/** The workflows in a Markdown text: its blocks of YAML that have jobs. */
export function workflowsIn(markdown: string): string[] {
  return [...markdown.matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, block = '']) => block)
    .filter((block) => /^jobs:/m.test(block));
}
