import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import { busybox } from '../cluster.ts';

/** A fault by fresh eyes: what the second release, or the only one, has wrong. */
export interface FreshFault {
  readonly name: string;
  /** Deployed before, and fine. */
  readonly before?: readonly object[];
  readonly objects: readonly object[];
  readonly timeout?: string;
  /** What the first annotation has to say. */
  readonly says: RegExp;
}

const serve =
  'mkdir -p /tmp/www && echo ok > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www';
const ready = { httpGet: { path: '/index.html', port: 8080 }, periodSeconds: 1 };

interface Wanted {
  readonly container?: Partial<V1Container>;
  readonly pod?: Partial<V1PodSpec>;
  readonly spec?: object;
}

function deployment(name: string, script: string, { container, pod, spec }: Wanted = {}): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      ...spec,
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              ...{ name, image: busybox, command: ['sh', '-c', script], readinessProbe: ready },
              ...container,
            },
          ],
          ...pod,
        },
      },
    },
  };
}

/** The port on the node, which nothing else of the lab has. */
const hostPort = 28_517;

const agent = (version: string) =>
  deployment('agent', serve, {
    container: {
      env: [{ name: 'VERSION', value: version }],
      ports: [{ containerPort: 8080, hostPort }],
    },
    spec: { strategy: { rollingUpdate: { maxUnavailable: 0 } } },
  });

/** An embedded database on a volume that outlives its pods. */
const store = (version: string, path: string) =>
  deployment(
    'store',
    `mkdir /data/store.lock 2>/dev/null || { echo 'ERROR Failed to obtain lock on store file /data/store.lock: it is held by another process'; exit 1; }
trap 'rmdir /data/store.lock; exit 0' TERM
mkdir -p /tmp/www && echo ok > /tmp/www/index.html && httpd -f -p 8080 -h /tmp/www & wait`,
    {
      container: {
        env: [{ name: 'VERSION', value: version }],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
      pod: { volumes: [{ name: 'data', hostPath: { path, type: 'DirectoryOrCreate' } }] },
    },
  );

/** @param folder on the node, of this run's own */
export function freshFaults(folder: string): readonly FreshFault[] {
  return [
    {
      name: 'serviceLinks',
      objects: [
        {
          ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'tracking' } },
          spec: { selector: { app: 'tracking' }, ports: [{ port: 5000 }] },
        },
        deployment(
          'tracking',
          `port=\${TRACKING_PORT:-8080}
case "$port" in *[!0-9]*) echo "server: error: argument --port: invalid int value: '$port'"; exit 2;; esac
${serve}`,
        ),
      ],
      says: /_PORT.*enableServiceLinks: false/,
    },
    {
      name: 'configIsDirectory',
      objects: [
        {
          ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
          data: { 'settings.yml': 'workers: 4\n' },
        },
        deployment(
          'web',
          `cat /etc/app/settings.yaml > /dev/null 2>&1 || { echo "IsADirectoryError: [Errno 21] Is a directory: '/etc/app/settings.yaml'"; exit 1; }; ${serve}`,
          {
            container: {
              volumeMounts: [
                { name: 'c', mountPath: '/etc/app/settings.yaml', subPath: 'settings.yaml' },
              ],
            },
            pod: { volumes: [{ name: 'c', configMap: { name: 'settings' } }] },
          },
        ),
      ],
      says: /Is a directory: '\/etc\/app\/settings\.yaml'.*subPath/s,
    },
    {
      name: 'wrongPassword',
      objects: [
        {
          ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' } },
          stringData: { password: 'of-the-other-environment' },
        },
        deployment(
          'etl',
          `echo 'connecting to warehouse as etl'; echo 'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "warehouse" (10.0.4.5), port 5432 failed: FATAL:  password authentication failed for user "etl"'; exit 1`,
          {
            container: {
              env: [
                {
                  name: 'PGPASSWORD',
                  valueFrom: { secretKeyRef: { name: 'db', key: 'password' } },
                },
              ],
            },
          },
        ),
      ],
      says: /password authentication failed for user "etl".*[Ss]ecret/s,
    },
    {
      name: 'batchAsDeployment',
      objects: [
        deployment('load', "echo 'loaded 1200 rows'; sleep 1; exit 0", {
          container: { readinessProbe: undefined } as unknown as Partial<V1Container>,
        }),
      ],
      says: /exit code 0.*Job/s,
    },
    {
      name: 'lockedVolume',
      before: [store('1', `${folder}/store`)],
      objects: [store('2', `${folder}/store`)],
      says: /held by another process.*Recreate/s,
    },
    {
      name: 'hostPortTaken',
      before: [agent('1')],
      objects: [agent('2')],
      says: /free ports.*hostPort.*Recreate/s,
    },
    {
      name: 'waitsForEver',
      objects: [
        deployment('web', serve, {
          pod: {
            initContainers: [
              {
                ...{ name: 'wait-for-db', image: busybox },
                command: [
                  'sh',
                  '-c',
                  'until nslookup postgress; do echo "waiting for postgress"; sleep 1; done',
                ],
              },
            ],
          },
        }),
      ],
      timeout: '25s',
      says: /wait-for-db.*postgress/s,
    },
    {
      name: 'impatientLiveness',
      objects: [
        deployment('model', `echo 'loading model'; sleep 40; ${serve}`, {
          container: {
            livenessProbe: { ...ready, periodSeconds: 2, failureThreshold: 3 },
          },
        }),
      ],
      timeout: '60s',
      says: /liveness probe.*startup ?[Pp]robe/is,
    },
    {
      name: 'migrationHook',
      objects: [
        {
          ...{ apiVersion: 'batch/v1', kind: 'Job' },
          metadata: { name: 'migrate', annotations: { 'helm.sh/hook': 'pre-install' } },
          spec: {
            backoffLimit: 0,
            template: {
              spec: {
                restartPolicy: 'Never',
                containers: [
                  {
                    ...{ name: 'migrate', image: busybox },
                    command: [
                      'sh',
                      '-c',
                      `echo 'psycopg2.errors.DuplicateTable: relation "runs" already exists'; exit 1`,
                    ],
                  },
                ],
              },
            },
          },
        },
        deployment('web', serve),
      ],
      says: /migrate.*relation "runs" already exists/s,
    },
    {
      name: 'unreadyDependency',
      objects: [
        deployment(
          'api',
          `while true; do printf 'HTTP/1.1 503 Service Unavailable\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n' | nc -l -p 8080 > /dev/null; echo 'object store: dial tcp 10.0.3.9:9000: connect: connection refused'; done`,
        ),
      ],
      timeout: '25s',
      says: /503.*10\.0\.3\.9:9000: connect: connection refused/s,
    },
  ];
}
