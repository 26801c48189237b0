import * as v from 'valibot';
import { GitHubError } from './GitHubError.ts';
import type { DeploymentRecord, GitHubState, Organization, StorageRecord } from './GitHubState.ts';
import { paginate } from './paginate.ts';
import { type Call, type Route, route } from './Route.ts';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const digest = v.pipe(v.string(), v.regex(/^sha256:[a-f0-9]{64}$/));
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const risks = v.array(
  v.picklist(['critical-resource', 'internet-exposed', 'lateral-movement', 'sensitive-data']),
);

const oneDeployment = {
  name,
  digest,
  version: v.optional(v.string()),
  deployment_name: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  tags: v.optional(v.record(v.string(), v.string())),
  runtime_risks: v.optional(risks),
  github_repository: v.optional(text),
};
const deploymentRecord = v.strictObject({
  ...oneDeployment,
  status: v.picklist(['deployed', 'decommissioned']),
  logical_environment: text,
  physical_environment: v.optional(v.string()),
  cluster: v.optional(v.string()),
  return_records: v.optional(v.boolean()),
});
const clusterRecords = v.strictObject({
  logical_environment: text,
  physical_environment: v.optional(v.string()),
  deployments: v.array(
    v.strictObject({
      ...oneDeployment,
      status: v.optional(v.picklist(['deployed', 'decommissioned'])),
    }),
  ),
  return_records: v.optional(v.boolean()),
});
const storageRecord = v.strictObject({
  name,
  digest,
  version: v.optional(v.string()),
  artifact_url: v.optional(v.pipe(v.string(), v.regex(/^https:\/\//))),
  path: v.optional(v.string()),
  registry_url: v.pipe(v.string(), v.regex(/^https:\/\//)),
  repository: v.optional(v.string()),
  status: v.optional(v.picklist(['active', 'eol', 'deleted'])),
  github_repository: v.optional(text),
  return_records: v.optional(v.boolean()),
});

const write = [{ 'artifact-metadata': 'write' }, { contents: 'write' }] as const;
const read = [{ 'artifact-metadata': 'read' }, { contents: 'read' }] as const;

export const artifactMetadata: readonly Route[] = [
  route({
    method: 'POST',
    pattern: '/orgs/{org}/artifacts/metadata/deployment-record',
    permissions: write,
    documentation: 'orgs/artifact-metadata#create-an-artifact-deployment-record',
    body: deploymentRecord,
    handle: (call) => {
      const { return_records, ...record } = call.body;
      return answer('deployment_records', [putDeployment(call, record)], return_records);
    },
  }),
  route({
    method: 'POST',
    pattern: '/orgs/{org}/artifacts/metadata/deployment-record/cluster/{cluster}',
    permissions: write,
    documentation: 'orgs/artifact-metadata#set-cluster-deployment-records',
    body: clusterRecords,
    handle: (call) => {
      const { deployments, return_records, ...where } = call.body;
      const names = deployments.map(({ deployment_name }) => deployment_name);
      if (new Set(names).size < names.length) {
        throw GitHubError.invalidRequest(['deployment_name must be unique across all entries']);
      }
      const records = deployments.map((deployment) =>
        putDeployment(call, {
          ...where,
          ...deployment,
          status: deployment.status ?? 'deployed',
          cluster: call.path.cluster ?? '',
        }),
      );
      return answer('deployment_records', records, return_records);
    },
  }),
  route({
    method: 'POST',
    pattern: '/orgs/{org}/artifacts/metadata/storage-record',
    permissions: write,
    documentation: 'orgs/artifact-metadata#create-artifact-metadata-storage-record',
    body: storageRecord,
    handle: (call) => answer('storage_records', [putStorage(call)], call.body.return_records),
  }),
  route({
    method: 'GET',
    pattern: '/orgs/{org}/artifacts/{subject_digest}/metadata/deployment-records',
    permissions: read,
    documentation: 'orgs/artifact-metadata#list-artifact-deployment-records',
    handle: ({ asked, organization, path }) => {
      const found = organization.deploymentRecords.filter(
        (record) => record.digest === path.subject_digest,
      );
      const { shown, headers } = paginate(asked, found, showDeployment);
      return {
        status: 200,
        headers,
        body: { total_count: found.length, deployment_records: shown },
      };
    },
  }),
  route({
    method: 'GET',
    pattern: '/orgs/{org}/artifacts/{subject_digest}/metadata/storage-records',
    permissions: read,
    documentation: 'orgs/artifact-metadata#list-artifact-storage-records',
    handle: ({ asked, organization, path }) => {
      const found = organization.storageRecords.filter(
        (record) => record.digest === path.subject_digest,
      );
      const { shown, headers } = paginate(asked, found, (record) => record);
      return { status: 200, headers, body: { total_count: found.length, storage_records: shown } };
    },
  }),
];

function answer(
  key: 'deployment_records' | 'storage_records',
  records: readonly (DeploymentRecord | StorageRecord)[],
  wanted = true,
) {
  const shown = records.map((record) =>
    'deployment_name' in record ? showDeployment(record) : record,
  );
  return { status: 200, body: { total_count: records.length, ...(wanted && { [key]: shown }) } };
}

/** Without what GitHub takes, but does not give back. */
function showDeployment({ name: _, version: __, status: ___, ...shown }: DeploymentRecord) {
  return shown;
}

type NewDeployment = Omit<v.InferOutput<typeof deploymentRecord>, 'return_records'>;

/** One record for each name in a cluster of an environment: it is made, or changed. */
function putDeployment(call: Call<unknown>, given: NewDeployment): DeploymentRecord {
  checkRepository(call.state, call.organization, given.github_repository);
  const { github_repository: _, ...record } = given;
  const all = call.organization.deploymentRecords;
  const keys = [
    'logical_environment',
    'physical_environment',
    'cluster',
    'deployment_name',
  ] as const;
  const index = all.findIndex((known) => keys.every((key) => known[key] === record[key]));
  const before = all[index];
  const put = {
    ...record,
    id: before?.id ?? call.state.nextId++,
    created_at: before?.created_at ?? call.now,
    updated_at: call.now,
    attestation_id: null,
  } as DeploymentRecord;
  all.splice(index === -1 ? all.length : index, 1, put);
  return put;
}

function putStorage(call: Call<v.InferOutput<typeof storageRecord>>): StorageRecord {
  const { body, state, organization, now } = call;
  checkRepository(state, organization, body.github_repository);
  const record: StorageRecord = {
    id: state.nextId++,
    name: body.name,
    digest: body.digest,
    artifact_url: body.artifact_url ?? null,
    registry_url: body.registry_url,
    repository: body.repository ?? null,
    status: body.status ?? 'active',
    created_at: now,
    updated_at: now,
  };
  organization.storageRecords.push(record);
  return record;
}

/** Named without its owner, and only what the organization has. */
function checkRepository(
  state: GitHubState,
  { login }: Organization,
  repository: string | undefined,
): void {
  if (repository === undefined) return;
  if (!state.repositories.has(`${login}/${repository}`.toLowerCase())) throw GitHubError.notFound();
}
