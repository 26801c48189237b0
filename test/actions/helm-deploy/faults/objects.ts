import { busybox } from '../cluster.ts';

/** An object as a chart has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string } & Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** What answers on port 8080 until it is told to end. */
export const serve =
  'trap "exit 0" TERM; mkdir -p /tmp/www; echo hello > /tmp/www/index.html; httpd -f -p 8080 -h /tmp/www & wait';

export const shell = (script: string) => ['sh', '-c', script];

const ready = { httpGet: { path: '/index.html', port: 8080 }, periodSeconds: 1 };

/** A container that serves, with what differs. */
export function container(fields: Fields = {}): Fields {
  return { name: 'web', image: busybox, command: shell(serve), readinessProbe: ready, ...fields };
}

/** A container that only runs a script; nothing asks whether it is ready. */
export function script(text: string, fields: Fields = {}): Fields {
  return { name: 'web', image: busybox, command: shell(text), ...fields };
}

/** A pod template of one container, with what differs in the pod. */
export function template(main: Fields = container(), pod: Fields = {}, labels: Fields = {}) {
  return {
    metadata: { labels: { app: 'web', ...labels } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      containers: [main],
      ...pod,
    },
  };
}

function workload(kind: string, fields: Fields): Manifest {
  const selector = { matchLabels: { app: 'web' } };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web' },
    spec: { selector, template: template(), ...fields },
  };
}

export const deployment = (fields: Fields = {}) => workload('Deployment', fields);
export const daemonSet = (fields: Fields = {}) => workload('DaemonSet', fields);
export const statefulSet = (fields: Fields = {}) =>
  workload('StatefulSet', { serviceName: 'web', replicas: 2, ...fields });

/** A Deployment of one such container. */
export const running = (main: Fields, pod: Fields = {}) =>
  deployment({ template: template(main, pod) });

/** A Job that runs a script once. */
export function job(text: string, fields: Fields = {}, metadata: Fields = {}): Manifest {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'web', ...metadata },
    spec: {
      backoffLimit: 0,
      template: template(script(text), { restartPolicy: 'Never' }),
      ...fields,
    },
  };
}

/** A Job that Helm runs at such a moment. */
export const hook = (moment: string, text: string) =>
  job(text, {}, { name: 'web-hook', annotations: { 'helm.sh/hook': moment } });

export function service(fields: Fields = {}, name = 'web'): Manifest {
  const ports = [{ port: 80, targetPort: 8080 }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: 'web' }, ports, ...fields },
  };
}

export function ingress(backend: string): Manifest {
  const path = {
    path: '/',
    pathType: 'Prefix',
    backend: { service: { name: backend, port: { number: 80 } } },
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web' },
    spec: { rules: [{ host: 'web.example.com', http: { paths: [path] } }] },
  };
}

export function claim(fields: Fields = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Mi' } },
      ...fields,
    },
  };
}

/** A pod's volume, and where its container has it. */
export const mounted = (volume: Fields, main: Fields = container()) => ({
  template: template(
    { ...main, volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    { volumes: [{ name: 'data', ...volume }] },
  ),
});

export const configMap = (name: string, data: Fields): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

export const secret = (name: string, stringData: Fields): Manifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData,
});

export const autoscaler: Manifest = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 1,
    maxReplicas: 2,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ],
  },
};

/** A node of its own that takes nothing: no kubelet runs there, and it says so by a taint. */
export const reservedNode = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { pool: name } },
  spec: { taints: [{ key: 'reserved', value: name, effect: 'NoSchedule' }] },
});

/**
 * The definition of a kind of its own, `Widget`, in a group of its own. Without a status of its own a
 * chart may write that as well, which charts cannot do with others.
 */
export function widgets(
  group: string,
  status: Fields | undefined,
  subresources: Fields = {},
): Manifest {
  const properties = {
    spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    ...(status && { status: { type: 'object', properties: status } }),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties } },
          subresources,
        },
      ],
    },
  };
}

export const widget = (group: string, fields: Fields = {}): Manifest => ({
  apiVersion: `${group}/v1`,
  kind: 'Widget',
  metadata: { name: 'web' },
  spec: { size: 1 },
  ...fields,
});

/** How a kind says that it reports conditions. */
export const conditions: Fields = {
  observedGeneration: { type: 'integer' },
  conditions: {
    type: 'array',
    items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};
