import { addresses } from '../../../lab/addresses.ts';
import { busybox } from '../cluster.ts';
import {
  autoscaler,
  claim,
  conditions,
  configMap,
  container,
  daemonSet,
  deployment,
  hook,
  ingress,
  job,
  type Manifest,
  mounted,
  reservedNode,
  running,
  script,
  secret,
  serve,
  service,
  shell,
  statefulSet,
  template,
  widget,
  widgets,
} from './objects.ts';

/** What a fault may use that has to be of its own in the cluster. */
export interface Own {
  readonly namespace: string;
  /** The group of its own kinds. */
  readonly group: string;
  /** The host of a registry that lets nobody in. */
  readonly refusing: string;
}

/** A fault, and its cause as it was written down before the code that names it. */
export interface Fault {
  readonly name: string;
  /** What the chart holds. */
  readonly objects: (own: Own) => readonly Manifest[];
  /** What is in the cluster before the deploy; it goes with the test. */
  readonly around?: (own: Own) => readonly Manifest[];
  /** The revision before, which is healthy. */
  readonly before?: readonly Manifest[];
  readonly labels?: Readonly<Record<string, string>>;
  /** From the object down to what fails, and its reason. */
  readonly cause: RegExp;
  /** The decisive line of a log. */
  readonly line?: RegExp;
  readonly remedy: RegExp;
  /** Until when it is waited. Faults without one are certain, and end long before. */
  readonly timeout?: string;
  readonly settle?: string;
}

const pulled = (image: string) => () => [running(container({ image }))];
const fromEnv = (source: Readonly<Record<string, unknown>>) => () => [
  running(container({ env: [{ name: 'A', valueFrom: source }] })),
];
const app = String.raw`^Deployment/web → pod web-\S+ → container web: `;
const under = (rest: string) => new RegExp(`${app}${rest}`);
const quota = (hard: Readonly<Record<string, string>>) => (): Manifest[] => [
  { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small' }, spec: { hard } },
];
const refused = { httpGet: { path: '/', port: 9999 }, periodSeconds: 1, failureThreshold: 3 };
const failing = { exec: { command: shell('echo not yet; exit 1') }, periodSeconds: 1 };

export const faults: readonly Fault[] = [
  {
    name: 'a tag that the registry does not have',
    objects: pulled(`${addresses.registry}/library/busybox:no-such-tag`),
    cause: under('(ErrImagePull|ImagePullBackOff): .*busybox:no-such-tag does not exist'),
    remedy: /Correct the image/,
  },
  {
    name: 'a name that the registry does not have',
    objects: pulled(`${addresses.registry}/no/such/name:1`),
    cause: under('(ErrImagePull|ImagePullBackOff): .*no/such/name:1 does not exist'),
    remedy: /Correct the image/,
  },
  {
    name: 'a registry that nobody knows',
    objects: pulled('no-such-registry.invalid/web:1'),
    cause: under(
      '(ErrImagePull|ImagePullBackOff): no-such-registry.invalid/web:1 cannot be pulled',
    ),
    remedy: /reach the registry/,
    timeout: '20s',
  },
  {
    name: 'a pull that is denied',
    objects: ({ refusing }) => [running(container({ image: `${refusing}/private/web:1` }))],
    cause: under('(ErrImagePull|ImagePullBackOff): .*/private/web:1 may not be pulled'),
    remedy: /pull secret/,
  },
  {
    name: 'a name that is none',
    objects: pulled('Web::1'),
    cause: under('InvalidImageName: '),
    remedy: /Correct the image/,
  },
  {
    name: 'an image that may not be pulled and is not there',
    objects: () => [
      running(container({ image: `${addresses.registry}/absent:1`, imagePullPolicy: 'Never' })),
    ],
    cause: under('ErrImageNeverPull: '),
    remedy: /imagePullPolicy/,
  },
  {
    name: 'a config map that is not there',
    objects: () => [running(container({ envFrom: [{ configMapRef: { name: 'absent' } }] }))],
    cause: under('CreateContainerConfigError: configmap "absent" not found'),
    remedy: /Create the configmap "absent"/,
  },
  {
    name: 'a key that a config map does not have',
    objects: fromEnv({ configMapKeyRef: { name: 'settings', key: 'url' } }),
    around: () => [configMap('settings', { other: '1' })],
    cause: under("CreateContainerConfigError: couldn't find key url in ConfigMap"),
    remedy: /Add the key url/,
  },
  {
    name: 'a secret that is not there',
    objects: fromEnv({ secretKeyRef: { name: 'absent', key: 'a' } }),
    cause: under('CreateContainerConfigError: secret "absent" not found'),
    remedy: /Create the secret "absent"/,
  },
  {
    name: 'a key that a secret does not have',
    objects: fromEnv({ secretKeyRef: { name: 'database', key: 'url' } }),
    around: () => [secret('database', { password: 'x' })],
    cause: under("CreateContainerConfigError: couldn't find key url in Secret"),
    remedy: /Add the key url/,
  },
  {
    name: 'a volume of a secret that is not there',
    objects: () => [deployment(mounted({ secret: { secretName: 'absent' } }))],
    cause: /^Deployment\/web → pod web-\S+: FailedMount: .*secret "absent" not found/,
    remedy: /Create the secret "absent"/,
  },
  {
    name: 'a service account that is not there',
    objects: () => [running(container(), { serviceAccountName: 'absent' })],
    cause: /^Deployment\/web: FailedCreate: .*service ?account.*absent/,
    remedy: /Create the service account absent/,
  },
  {
    name: 'a priority class that is not there',
    objects: () => [running(container(), { priorityClassName: 'absent' })],
    cause: /^Deployment\/web: FailedCreate: .*PriorityClass.*absent/,
    remedy: /priority class absent/,
  },
  {
    name: 'a command that is not in the image',
    objects: () => [running(container({ command: ['/no/such/program'] }))],
    cause: under('(RunContainerError|StartError|CrashLoopBackOff): .*no such file or directory'),
    remedy: /Correct the command/,
  },
  {
    name: 'a program that may not be run',
    objects: () => [
      deployment(
        mounted(
          { configMap: { name: 'program', defaultMode: 0o644 } },
          container({ command: ['/data/program'] }),
        ),
      ),
    ],
    around: () => [configMap('program', { program: '#!/bin/sh' })],
    cause: under('(RunContainerError|StartError|CrashLoopBackOff): .*permission denied'),
    remedy: /executable/,
  },
  {
    name: 'a program for another machine',
    objects: () => [
      deployment(
        mounted(
          { configMap: { name: 'program', defaultMode: 0o755 } },
          container({ command: ['/data/program'] }),
        ),
      ),
    ],
    around: () => [configMap('program', { program: 'of another architecture' })],
    cause: under('(RunContainerError|StartError|CrashLoopBackOff|Error): .*exec format error'),
    remedy: /architecture/,
  },
  {
    name: 'a program that ends in the same way again and again',
    objects: () => [running(script('echo starting; echo "fatal: no database url" >&2; exit 3'))],
    cause: under('CrashLoopBackOff: it ended with exit code 3'),
    line: /fatal: no database url/,
    remedy: /Mend what its last log lines say/,
  },
  {
    name: 'a program that ends well, where it should go on',
    objects: () => [running(script('echo all done'))],
    cause: under('CrashLoopBackOff: it ended with exit code 0'),
    line: /all done/,
    remedy: /foreground|Job/,
  },
  {
    name: 'memory',
    objects: () => [
      running(
        script('echo filling; exec tail /dev/zero', { resources: { limits: { memory: '16Mi' } } }),
      ),
    ],
    cause: under('OOMKilled: '),
    remedy: /limits\.memory/,
  },
  {
    name: 'a root that may not be written to',
    objects: () => [
      running(
        container({
          command: shell('set -e; echo 1 > /state'),
          securityContext: { readOnlyRootFilesystem: true },
        }),
      ),
    ],
    cause: under('CrashLoopBackOff: it ended with exit code'),
    line: /Read-only file system/,
    remedy: /emptyDir/,
  },
  {
    name: 'a folder of another user',
    objects: () => [
      running(
        container({
          command: shell('set -e; echo 1 > /etc/state'),
          securityContext: { runAsUser: 1000 },
        }),
      ),
    ],
    cause: under('CrashLoopBackOff: it ended with exit code'),
    line: /Permission denied/i,
    remedy: /fsGroup|runAsUser/,
  },
  {
    name: 'root, where none may be',
    objects: () => [running(container(), { securityContext: { runAsNonRoot: true } })],
    cause: under('CreateContainerConfigError: container has runAsNonRoot'),
    remedy: /numeric USER/,
  },
  {
    name: 'a start-up probe whose allowance ends',
    objects: () => [running(container({ startupProbe: refused, readinessProbe: undefined }))],
    cause: under('Unhealthy: Startup probe failed: .*connection refused'),
    remedy: /probe/,
  },
  {
    name: 'a liveness probe that kills again and again',
    objects: () => [
      running(
        container({
          livenessProbe: { ...failing, failureThreshold: 1 },
          readinessProbe: { ...failing, exec: { command: shell('exit 1') } },
        }),
      ),
    ],
    cause: under('Unhealthy: Liveness probe failed: not yet'),
    remedy: /probe/,
  },
  {
    name: 'a readiness probe that gets 404',
    objects: () => [
      running(
        container({
          readinessProbe: { httpGet: { path: '/none', port: 8080 }, periodSeconds: 1 },
        }),
      ),
    ],
    cause: under('Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404'),
    remedy: /path/,
    timeout: '10s',
  },
  {
    name: 'a readiness probe at a port where nobody listens',
    objects: () => [running(container({ readinessProbe: refused }))],
    cause: under('Unhealthy: Readiness probe failed: .*connection refused'),
    remedy: /port/,
    timeout: '10s',
  },
  {
    name: 'a readiness command that fails',
    objects: () => [running(container({ readinessProbe: failing }))],
    cause: under('Unhealthy: Readiness probe failed: not yet'),
    remedy: /probe/,
    timeout: '10s',
  },
  {
    name: 'an init container that fails',
    objects: () => [
      running(container(), {
        initContainers: [
          script('echo "error: relation users does not exist"; exit 2', { name: 'migrate' }),
        ],
      }),
    ],
    cause:
      /^Deployment\/web → pod web-\S+ → init container migrate: (CrashLoopBackOff|Error): it ended with exit code 2/,
    line: /relation users does not exist/,
    remedy: /Mend what its last log lines say/,
  },
  {
    name: 'an init container that waits for what does not come',
    objects: () => [
      running(container(), {
        initContainers: [
          script('while true; do echo "waiting for db:5432"; sleep 1; done', { name: 'wait' }),
        ],
      }),
    ],
    cause: /^Deployment\/web → pod web-\S+ → init container wait: StillRunning: /,
    line: /waiting for db:5432/,
    remedy: /waits for/,
    timeout: '10s',
  },
  {
    name: 'more processors than any node has',
    objects: () => [running(container({ resources: { requests: { cpu: '900' } } }))],
    cause: /^Deployment\/web → pod web-\S+: Unschedulable: .*Insufficient cpu/,
    remedy: /Ask for less/,
    timeout: '6s',
  },
  {
    name: 'a node selector that no node has',
    objects: () => [running(container(), { nodeSelector: { gpu: 'a100' } })],
    cause: /^Deployment\/web → pod web-\S+: Unschedulable: .*node affinity/,
    remedy: /Correct nodeSelector/,
    timeout: '6s',
  },
  {
    name: 'a taint that is not tolerated',
    objects: ({ namespace }) => [running(container(), { nodeSelector: { pool: namespace } })],
    around: ({ namespace }) => [reservedNode(namespace)],
    cause: /^Deployment\/web → pod web-\S+: Unschedulable: .*untolerated taint/,
    remedy: /toleration/,
    timeout: '6s',
  },
  {
    name: 'a port of the node that is taken',
    objects: () => [
      deployment({
        replicas: 2,
        template: template(
          container({ ports: [{ containerPort: 8080, hostPort: 28_471, hostIP: '127.0.0.9' }] }),
        ),
      }),
    ],
    cause: /^Deployment\/web → pod web-\S+: Unschedulable: .*free ports/,
    remedy: /hostPort/,
    timeout: '8s',
  },
  {
    name: 'a claim, and no storage class',
    objects: () => [
      claim({ storageClassName: '' }),
      deployment(mounted({ persistentVolumeClaim: { claimName: 'data' } })),
    ],
    cause: /PersistentVolumeClaim\/data: FailedBinding: .*no storage class is set/,
    remedy: /storageClassName/,
    timeout: '8s',
  },
  {
    name: 'a storage class that is not there',
    objects: () => [
      claim({ storageClassName: 'absent' }),
      deployment(mounted({ persistentVolumeClaim: { claimName: 'data' } })),
    ],
    cause: /PersistentVolumeClaim\/data: ProvisioningFailed: storageclass\S* "absent" not found/,
    remedy: /storage class "absent"|storageClassName/,
  },
  {
    name: 'a claim that nobody makes',
    objects: () => [deployment(mounted({ persistentVolumeClaim: { claimName: 'absent' } }))],
    cause: /^Deployment\/web → pod web-\S+: Unschedulable: .*"absent" not found/,
    remedy: /Create the claim/,
  },
  {
    name: 'a quota that is used up',
    objects: () => [running(container())],
    around: quota({ pods: '0' }),
    cause: /^Deployment\/web: FailedCreate: .*exceeded quota: small/,
    remedy: /Raise the namespace’s quota/,
  },
  {
    name: 'a quota that lets only the first of a StatefulSet in',
    objects: () => [statefulSet(), service({ clusterIP: 'None' })],
    around: quota({ pods: '1' }),
    cause: /^StatefulSet\/web: FailedCreate: .*exceeded quota: small/,
    remedy: /Raise the namespace’s quota/,
  },
  {
    name: 'a limit range',
    objects: () => [running(container({ resources: { limits: { memory: '64Mi' } } }))],
    around: () => [
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'small' },
        spec: { limits: [{ type: 'Container', max: { memory: '32Mi' } }] },
      },
    ],
    cause: /^Deployment\/web: FailedCreate: .*maximum memory usage per Container is 32Mi/,
    remedy: /limit range|resources/,
  },
  {
    name: 'a policy of the cluster on pods',
    objects: () => [running(container())],
    around: ({ namespace }) => [
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: namespace },
        spec: {
          matchConstraints: {
            resourceRules: [
              {
                apiGroups: [''],
                apiVersions: ['v1'],
                operations: ['CREATE'],
                resources: ['pods'],
              },
            ],
          },
          validations: [
            { expression: "'team' in object.metadata.labels", message: 'label team is missing' },
          ],
        },
      },
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: namespace },
        spec: {
          policyName: namespace,
          validationActions: ['Deny'],
          matchResources: {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          },
        },
      },
    ],
    cause: /^Deployment\/web: FailedCreate: .*label team is missing/,
    remedy: /Change what the policy names/,
  },
  {
    name: 'the pod security of the namespace',
    objects: () => [running(container({ securityContext: { privileged: true } }))],
    labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    cause: /^Deployment\/web: FailedCreate: .*violates PodSecurity "restricted/,
    remedy: /security context/i,
  },
  {
    name: 'a Job that has no tries left',
    objects: () => [job('echo "error: table is locked" >&2; exit 4', { backoffLimit: 1 })],
    cause: /^Job\/web → pod web-\S+ → container web: Error: it ended with exit code 4/,
    line: /table is locked/,
    remedy: /Mend what its last log lines say/,
  },
  {
    name: 'a Job that has no time left',
    objects: () => [job('echo working; sleep 600', { activeDeadlineSeconds: 3, backoffLimit: 3 })],
    cause: /^Job\/web: DeadlineExceeded: /,
    remedy: /activeDeadlineSeconds/,
  },
  {
    name: 'a Job that is suspended, for which Helm waits',
    objects: () => [deployment(), job('exit 1', { suspend: true })],
    cause: /^Job\/web: Suspended: /,
    remedy: /suspend/,
    timeout: '10s',
  },
  {
    name: 'a Job that fails and is tidied away at once',
    objects: () => [job('echo "error: no rows"; exit 5', { ttlSecondsAfterFinished: 0 })],
    cause: /^Job\/web: (BackoffLimitExceeded|Failed): /,
    remedy: /ttlSecondsAfterFinished/,
  },
  {
    name: 'the second of a StatefulSet',
    objects: () => [
      statefulSet({
        template: template(
          script(
            `case $(hostname) in *-1) echo "fatal: node id 1 is taken"; exit 6;; esac; ${serve}`,
          ),
        ),
      }),
      service({ clusterIP: 'None' }),
    ],
    cause:
      /^StatefulSet\/web → pod web-1 → container web: CrashLoopBackOff: it ended with exit code 6/,
    line: /node id 1 is taken/,
    remedy: /Mend what its last log lines say/,
  },
  {
    name: 'a DaemonSet whose nodes are all tainted',
    objects: ({ namespace }) => [
      daemonSet({ template: template(container(), { nodeSelector: { pool: namespace } }) }),
    ],
    around: ({ namespace }) => [reservedNode(namespace)],
    cause: /^DaemonSet\/web: NoNodes: .*taint/,
    remedy: /toleration/,
    timeout: '10s',
  },
  {
    name: 'an address behind which no pod is',
    objects: () => [deployment(), service({ selector: { app: 'wep' } }), ingress('web')],
    cause: /^Ingress\/web → Service\/web: NoEndpoints: .*app=wep/,
    remedy: /app=web/,
    timeout: '10s',
  },
  {
    name: 'an address that leads to no service',
    objects: () => [deployment(), service(), ingress('wep')],
    cause: /^Ingress\/web: NoService: .*wep/,
    remedy: /\bweb\b/,
    timeout: '10s',
  },
  {
    name: 'a load balancer that nobody makes',
    objects: () => [deployment(), service({ type: 'LoadBalancer' })],
    cause: /^Service\/web: NoAddress: /,
    remedy: /load balancer|controller/i,
    timeout: '10s',
  },
  {
    name: 'an autoscaler without metrics',
    objects: () => [running(container({ resources: { requests: { cpu: '10m' } } })), autoscaler],
    cause: /^HorizontalPodAutoscaler\/web: FailedGetResourceMetric: /,
    remedy: /metrics/,
    timeout: '60s',
    settle: '25s',
  },
  {
    name: 'an autoscaler of nothing',
    objects: () => [
      deployment(),
      {
        ...autoscaler,
        spec: {
          ...(autoscaler.spec as object),
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'wep' },
        },
      },
    ],
    cause: /^HorizontalPodAutoscaler\/web: FailedGetScale: .*wep/,
    remedy: /scaleTargetRef/,
    timeout: '60s',
    settle: '25s',
  },
  {
    name: 'a hook that fails',
    objects: () => [
      deployment(),
      hook('pre-install', 'echo "ERROR: relation users does not exist"; exit 1'),
    ],
    cause: /^Job\/web-hook → pod web-hook-\S+ → container web: Error: it ended with exit code 1/,
    line: /relation users does not exist/,
    remedy: /Mend what its last log lines say/,
  },
  {
    name: 'a hook that does not end',
    objects: () => [
      deployment(),
      hook('post-install', 'while true; do echo "waiting for smtp:25"; sleep 1; done'),
    ],
    cause: /^Job\/web-hook → pod web-hook-\S+ → container web: StillRunning: /,
    line: /waiting for smtp:25/,
    remedy: /waits for/,
    timeout: '12s',
  },
  {
    name: 'a field that cannot change',
    before: [deployment()],
    objects: () => [
      deployment({
        selector: { matchLabels: { app: 'web', tier: 'front' } },
        template: template(container(), {}, { tier: 'front' }),
      }),
    ],
    cause: /^The API server refuses Deployment\S* web of the chart\. spec\.selector: .*immutable/,
    remedy: /delete the object first/,
  },
  {
    name: 'a custom resource whose owner never reports',
    around: ({ group }) => [widgets(group, conditions)],
    objects: ({ group }) => [widget(group)],
    cause: /^Widget\/web: NotReported: /,
    remedy: /controller|operator/,
    timeout: '10s',
  },
  {
    name: 'a custom resource that says no',
    around: ({ group }) => [widgets(group, conditions)],
    objects: ({ group }) => [
      widget(group, {
        status: {
          conditions: [
            {
              type: 'Ready',
              status: 'False',
              reason: 'NoIssuer',
              message: 'no issuer letsencrypt',
            },
          ],
        },
      }),
    ],
    cause: /^Widget\/web: NoIssuer: no issuer letsencrypt/,
    remedy: /Widget|condition/,
    timeout: '10s',
  },
  {
    name: 'a pod of its own that fails',
    objects: () => [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web' },
        spec: {
          ...template(script('echo "error: no license"; exit 7'), { restartPolicy: 'Never' }).spec,
        },
      },
    ],
    cause: /^Pod\/web → container web: Error: it ended with exit code 7/,
    line: /no license/,
    remedy: /Mend what its last log lines say/,
  },
  {
    name: 'an upgrade whose program has another flag',
    before: [running(container())],
    objects: () => [
      running(container({ image: busybox, command: ['httpd', '-f', '--no-such-flag'] })),
    ],
    cause: under('CrashLoopBackOff: it ended with exit code 1'),
    line: /unrecognized option|invalid option/,
    remedy: /Mend what its last log lines say|flag/,
  },
];
