// Gives each pod that asks for it a scratch volume, as an admission webhook.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';

const label = 'platform.example/scratch';

function patchOf({ metadata = {}, spec }) {
  if (metadata.labels?.[label] !== 'true') return [];
  const volume = { name: 'scratch', emptyDir: { sizeLimit: '1Gi' } };
  const mount = { name: 'scratch', mountPath: '/scratch' };
  return [
    { op: 'add', path: '/spec/volumes', value: [...(spec.volumes ?? []), volume] },
    ...spec.containers.map(({ volumeMounts = [] }, index) => ({
      op: 'add',
      path: `/spec/containers/${index}/volumeMounts`,
      value: [...volumeMounts, mount],
    })),
  ];
}

const tls = { cert: readFileSync('/tls/tls.crt'), key: readFileSync('/tls/tls.key') };
createServer(tls, async (request, response) => {
  if (request.method !== 'POST') return response.end('ok');
  const { request: asked } = await json(request);
  const patch = Buffer.from(JSON.stringify(patchOf(asked.object))).toString('base64');
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: asked.uid, allowed: true, patchType: 'JSONPatch', patch },
    }),
  );
}).listen(8443);
