/**
 * Addresses inside the cluster. The node's own is added to the loopback interface, so that pods
 * reach the API server and the name server without the machine's real interfaces taking part.
 */
export const network = {
  nodeName: 'lab-node',
  nodeAddress: '10.245.0.1',
  bridge: 'palab-br0',
  podRange: '10.244.0.0/16',
  serviceRange: '10.96.0.0/16',
  /** The address of the service `kubernetes`, the first of the range. */
  apiServiceAddress: '10.96.0.1',
  domain: 'cluster.local',
} as const;
