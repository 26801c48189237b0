import { Failure } from '../failure/Failure.ts';
import type { Environment } from '../process/childEnvironment.ts';
import type { Outcome, Run } from '../process/run.ts';
import {
  dryRunArguments,
  type HelmMajor,
  historyArguments,
  type PullPlan,
  pullArguments,
  type RenderedFor,
  rollbackArguments,
  templateArguments,
  testArguments,
  type UpgradePlan,
  uninstallArguments,
  upgradeArguments,
} from './arguments.ts';
import { explainClusterLogin } from './explainClusterLogin.ts';
import { pluginsFolder } from './postRenderers.ts';

/** One revision of a release. */
export interface Revision {
  readonly revision: number;
  /** `deployed`, `superseded`, `failed`, `uninstalled`, `pending-install`, `pending-upgrade`, `pending-rollback`, … */
  readonly status: string;
  /** When its record was changed last, as a time that Date reads. */
  readonly updated: string;
}

export interface HelmOptions {
  readonly program: string;
  readonly major?: HelmMajor;
  /** Holds KUBECONFIG, and the caches of Helm. */
  readonly env: Environment;
  readonly run: Run;
  readonly secrets: Iterable<string>;
  /** Whether there is no cluster: then nothing is asked of one. */
  readonly offline?: boolean;
  /** What Helm prints for people, line by line; untrusted. */
  readonly onLine?: (line: string) => void;
}

/** A release's objects may be many times what it is when packed, which a Secret holds (1 MiB). */
const longestManifest = 64 * 1024 * 1024;

/** Helm's command line, typed. */
export class Helm {
  readonly #options: HelmOptions;

  constructor(options: HelmOptions) {
    this.#options = options;
  }

  /** Runs the upgrade to its end; how it ended is for the caller to judge. */
  upgrade(plan: UpgradePlan, signal: AbortSignal): Promise<Outcome> {
    const { major } = this.#options;
    return this.#run(upgradeArguments(plan, major), signal, rendering(plan));
  }

  /**
   * What an upgrade would write, as the JSON of a release, or as its objects where there is no cluster; it
   * holds the release's secrets.
   */
  dryRun(plan: UpgradePlan, signal: AbortSignal): Promise<Outcome> {
    const { program, env, run, secrets, major, offline } = this.#options;
    const args = offline
      ? templateArguments(plan, { apiVersions: [], verb: 'upgrade' }, major)
      : dryRunArguments(plan, major);
    const more = rendering(plan);
    return run({
      ...{ program, args, env: { ...env, ...more }, secrets, signal, stdout: 'machine' },
      kept: longestManifest,
    });
  }

  /**
   * The revisions of a release, oldest first; none when there is no such release.
   *
   * @throws {Failure} when Helm cannot tell
   */
  async history(release: string, namespace: string): Promise<Revision[]> {
    const { program, env, run } = this.#options;
    const outcome = await run({
      program,
      args: historyArguments(release, namespace),
      env,
      stdout: 'machine',
    });
    if (outcome.exitCode === 0) return JSON.parse(outcome.stdout) as Revision[];
    if (/release: not found/.test(outcome.stderr)) return [];
    const login = explainClusterLogin(outcome.stderr);
    if (login !== undefined) throw new Failure(login);
    throw new Failure({
      what: `Helm cannot tell the state of release ${release}.`,
      why: outcome.startError ?? lastLine(outcome.stderr),
      remedy: `Give the kubeconfig's user the right to read Secrets in namespace ${namespace}.`,
      details: outcome.stderr,
    });
  }

  rollback(
    release: string,
    namespace: string,
    revision: number,
    timeoutMs: number | undefined,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    return this.#run(rollbackArguments(release, namespace, revision, timeoutMs), signal);
  }

  uninstall(
    release: string,
    namespace: string,
    timeoutMs: number | undefined,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    return this.#run(uninstallArguments(release, namespace, timeoutMs), signal);
  }

  /** Runs the tests of a release to their end. */
  test(
    release: string,
    namespace: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Outcome> {
    return this.#run(testArguments(release, namespace, timeoutMs), signal);
  }

  /** Fetches a chart's archive into a folder. */
  pull(plan: PullPlan, signal: AbortSignal): Promise<Outcome> {
    return this.#run(pullArguments(plan), signal);
  }

  /**
   * The objects of a chart, as YAML: they hold its secrets. `undefined` when it cannot be rendered.
   */
  async template(
    plan: UpgradePlan,
    rendered: RenderedFor,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { program, env, run, major } = this.#options;
    const outcome = await run({
      program,
      args: templateArguments(plan, rendered, major),
      env: { ...env, ...rendering(plan) },
      stdout: 'machine',
      kept: longestManifest,
      signal,
    });
    return outcome.exitCode === 0 && !outcome.stdoutTruncated ? outcome.stdout : undefined;
  }

  #run(
    args: readonly string[],
    signal: AbortSignal | undefined,
    more: Environment = {},
  ): Promise<Outcome> {
    const { program, env, run, secrets, onLine } = this.#options;
    return run({ program, args, env: { ...env, ...more }, secrets, signal, onLine });
  }
}

/** Where Helm 4 finds the plug-ins through which it renders: beside the file that they are about. */
function rendering({ postRender }: UpgradePlan): Environment {
  return postRender === undefined ? {} : { HELM_PLUGINS: pluginsFolder(postRender.file) };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
