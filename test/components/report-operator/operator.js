// Makes a ConfigMap of each Report, and says in the Report that it is published.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const account = '/var/run/secrets/kubernetes.io/serviceaccount';
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, NAMESPACE } = process.env;
const reports = `/apis/platform.example/v1/namespaces/${NAMESPACE}/reports`;

async function ask(path, { method = 'GET', body, type = 'application/json' } = {}) {
  const response = await fetch(`https://${host}:${port}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${readFileSync(`${account}/token`, 'utf8')}`,
      'content-type': type,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response.json();
}

async function publish({ metadata: { name, generation, uid }, spec }) {
  const owner = { apiVersion: 'platform.example/v1', kind: 'Report', name, uid };
  await ask(
    `/api/v1/namespaces/${NAMESPACE}/configmaps/report-${name}?fieldManager=operator&force=true`,
    {
      method: 'PATCH',
      type: 'application/apply-patch+yaml',
      body: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `report-${name}`, ownerReferences: [owner] },
        data: { title: spec.title },
      },
    },
  );
  await ask(`${reports}/${name}/status`, {
    method: 'PATCH',
    type: 'application/merge-patch+json',
    body: {
      status: {
        observedGeneration: generation,
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'Published',
            message: spec.title,
            lastTransitionTime: new Date().toISOString(),
          },
        ],
      },
    },
  });
  console.log(`published ${name}`);
}

async function reconcile() {
  const { items } = await ask(reports);
  const open = items.filter(
    ({ metadata, status }) => status?.observedGeneration !== metadata.generation,
  );
  for (const report of open) await publish(report);
}

setInterval(() => reconcile().catch((error) => console.error(error.message)), 500);
createServer((_request, response) => response.end('ok')).listen(8080);
