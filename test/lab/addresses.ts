/**
 * Where the lab's parts listen: loopback only, and ports that neither a development machine nor a
 * runner uses. Tests and examples take addresses from here, never from a literal.
 */
export const addresses = {
  /** Plain HTTP, no authentication; also the mirror of docker.io. */
  registry: '127.0.0.1:15000',
  /** TLS by the lab's authority and token authentication as ACR does it. */
  acr: 'localhost:15443',
  /** What lies behind it; plain HTTP. */
  acrContent: '127.0.0.1:15444',
  /** Where a test starts an ACR of its own, at the first one that is free; BuildKit knows them. */
  acrOfTests: [
    'localhost:15451',
    'localhost:15452',
    'localhost:15453',
    'localhost:15454',
    'localhost:15455',
  ],
  /** Plain HTTP with the referrers API. */
  referrersRegistry: '127.0.0.1:15001',
  etcd: '127.0.0.1:12379',
  etcdPeer: '127.0.0.1:12380',
  apiServer: '127.0.0.1:16443',
  controllerManager: '127.0.0.1:16444',
  scheduler: '127.0.0.1:16445',
  kubelet: '127.0.0.1:16446',
  kubeletHealth: '127.0.0.1:16447',
  kubeProxyHealth: '127.0.0.1:16448',
  kubeProxyMetrics: '127.0.0.1:16449',
  kwok: '127.0.0.1:16450',
  gatekeeper: '127.0.0.1:16451',
  gatekeeperHealth: '127.0.0.1:16452',
  gatekeeperMetrics: '127.0.0.1:16453',
  toxiproxy: '127.0.0.1:18474',
  github: '127.0.0.1:18080',
  oidc: '127.0.0.1:18081',
  entra: '127.0.0.1:18082',
  arm: '127.0.0.1:18083',
} as const;
