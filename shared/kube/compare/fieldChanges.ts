import { type ChangedField, changedFields } from '../changedFields.ts';
import type { KubeObject } from '../preflight/KubeObject.ts';
import { plainObject } from './plainObject.ts';

/** What people call a secret, wherever it stands. */
const secretName =
  /pass(?:word|wd|phrase)?\b|passwd|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|connection[-_]?string|dsn\b/i;

/** A report has lines of its own; the rest is in the saved plan. */
const mostFields = 1000;

/**
 * What differs between an object and what becomes of it. What is in a Secret, what a field calls a
 * secret, and texts of several lines (files in a ConfigMap) are said to change, and not shown.
 */
export function fieldChanges(before: KubeObject, after: KubeObject): readonly ChangedField[] {
  const changes = changedFields(plainObject(before), plainObject(after), mostFields);
  return changes.map((change) => (isHidden(change, after) ? { path: change.path } : change));
}

function isHidden({ path, before = '', after = '' }: ChangedField, { kind }: KubeObject): boolean {
  if (kind === 'Secret' && !/^(?:type$|immutable$|metadata\.labels\.)/.test(path)) return true;
  return secretName.test(path) || before.includes('\n') || after.includes('\n');
}
