import { Buffer } from 'node:buffer';
import { parse, stringify } from 'yaml';
import { type FaultProxy, startFaultProxy } from '../../lab/faults/faultProxy.ts';
import { throwAwayCertificate } from '../../lab/throwAwayCertificate.ts';
import { config, kubeconfig } from './cluster.ts';

const text = (data = '') => Buffer.from(data, 'base64').toString();

/** The lab's API server behind a proxy of a test's own, and a kubeconfig that leads there. */
export async function clusterThroughFaults(): Promise<{
  readonly proxy: FaultProxy;
  readonly kubeconfig: string;
}> {
  const { server = '', caData } = config.getCurrentCluster() ?? {};
  const { certData, keyData } = config.getCurrentUser() ?? {};
  // The proxy logs in for whoever asks it.
  const target = { url: server, ca: text(caData), cert: text(certData), key: text(keyData) };
  const { ca, ...tls } = await throwAwayCertificate(['127.0.0.1']);
  const proxy = await startFaultProxy({ target, tls });
  const authority = Buffer.from(ca).toString('base64');
  const through = {
    ...parse(kubeconfig),
    clusters: [
      { name: 'lab', cluster: { server: proxy.url, 'certificate-authority-data': authority } },
    ],
    users: [{ name: 'lab', user: { token: 'of-nobody' } }],
  };
  return { proxy, kubeconfig: stringify(through) };
}
