import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { PolicyFile } from '../shared/verdict/policy/PolicyFile.ts';
import { WaiverFile } from '../shared/verdict/waivers/WaiverFile.ts';

/** The published schemas, by their files. What JSON schema cannot say, the action says. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['actions/trivy-gate/policy.schema.json', textOf('Policy of a gate', PolicyFile)],
    ['actions/trivy-gate/waivers.schema.json', textOf('Waivers of a gate', WaiverFile)],
  ]);
}

function textOf(title: string, schema: GenericSchema): string {
  const made = toJsonSchema(schema, { errorMode: 'ignore' });
  return `${JSON.stringify({ $schema: made.$schema, title, ...made }, null, 2)}\n`;
}
