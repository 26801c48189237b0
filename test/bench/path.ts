import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/actions.ts';
import { type StepOptions, startAction } from '../actions/startAction.ts';
import { addresses } from '../lab/addresses.ts';
import { buildkitAddress } from '../lab/buildkit/buildkit.ts';
import { adminKubeconfig } from '../lab/cluster/kubeconfig.ts';
import { command } from '../lab/command.ts';
import type { LabContext } from '../lab/Part.ts';
import { trivyDbRepository } from '../lab/trivy-db/trivyDb.ts';

type Env = NonNullable<StepOptions['env']>;

/** The demo's component, deployed by our three actions or by the bare tools; a release for each. */
export class Path implements Disposable {
  readonly #lab: LabContext;
  readonly #folder = mkdtempSync(join(tmpdir(), 'bench-'));
  readonly #workspace = join(this.#folder, 'component');

  constructor(lab: LabContext) {
    this.#lab = lab;
    cpSync(join(root, 'test/components/map-web'), this.#workspace, { recursive: true });
    mkdirSync(join(this.#folder, 'cache'));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** Every round has something to do: a file that goes into the image is another one. */
  change(): void {
    const regions = [{ name: randomBytes(8).toString('hex'), column: 0, row: 0, cases: 1 }];
    writeFileSync(join(this.#workspace, 'regions.json'), JSON.stringify(regions));
  }

  /**
   * The three steps, one after the other.
   *
   * @returns the image, with its digest
   */
  async byActions(env: Partial<Record<string, Env>> = {}): Promise<string> {
    const { outputs } = await this.step(
      'build-push-image',
      {
        image: `${addresses.registry}/bench-actions`,
        builder: buildkitAddress(this.#lab),
        tags: '1',
      },
      env['build-push-image'],
    );
    await this.step(
      'trivy-gate',
      { image: String(outputs.reference), 'db-repository': trivyDbRepository },
      env['trivy-gate'],
    );
    await this.step(
      'helm-deploy',
      {
        chart: 'chart',
        release: 'bench-actions',
        namespace: 'bench-actions',
        'create-namespace': 'true',
        images: `image=${outputs.reference}`,
        // It comes on top; the tools take the first moment.
        settle: '0s',
        kubeconfig: adminKubeconfig(this.#lab),
      },
      env['helm-deploy'],
    );
    return String(outputs.reference);
  }

  async step(action: string, inputs: Record<string, string>, env: Env = {}) {
    const step = await startAction(action, { inputs, env, workspace: this.#workspace });
    if (step.exitCode !== 0) throw new Error(`${action} failed:\n${step.log}`);
    return step;
  }

  /** The same by one shell script, as a person would write it. */
  async byTools(): Promise<void> {
    const [buildx, trivy, helm] = await Promise.all(
      ['buildx', 'trivy', 'helm'].map((name) => this.#lab.program(name)),
    );
    const script = `set -eu
"$BUILDX" create --name bench --driver remote "$BUILDKIT" >/dev/null
"$BUILDX" build --builder bench --tag "$IMAGE:1" --metadata-file metadata.json --progress plain --push . >build.log 2>&1
digest=$(sed -n 's/.*"containerimage.digest": "\\(.*\\)".*/\\1/p' metadata.json | tail -n 1)
"$TRIVY" image --quiet --format json --output report.json --scanners vuln --db-repository "$DB" \\
  --cache-dir "$CACHE" --skip-java-db-update --skip-version-check --disable-telemetry "$IMAGE@$digest"
"$HELM" upgrade bench-tools chart --install --namespace bench-tools --create-namespace \\
  --set-string "image=$IMAGE@$digest" --wait --timeout 5m >helm.log
rm -rf "$BUILDX_CONFIG" metadata.json report.json build.log helm.log
`;
    await command('sh', ['-c', script], {
      cwd: this.#workspace,
      env: {
        BUILDX: buildx ?? '',
        TRIVY: trivy ?? '',
        HELM: helm ?? '',
        BUILDKIT: buildkitAddress(this.#lab),
        BUILDX_CONFIG: join(this.#folder, 'buildx'),
        IMAGE: `${addresses.registry}/bench-tools`,
        DB: trivyDbRepository,
        CACHE: join(this.#folder, 'cache'),
        KUBECONFIG: adminKubeconfig(this.#lab),
      },
    });
  }
}
