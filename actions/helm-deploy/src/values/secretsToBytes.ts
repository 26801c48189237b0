import { isScalar, parseDocument, visit } from 'yaml';
import { goJson } from '../../../../shared/helm/goJson.ts';

/**
 * Secret values as JSON that Helm reads to the byte. As YAML of its own reader `yes` is true, `0644` is
 * 420, `1e5` is 100000, and some characters are ends of lines: a password would be another one. Here
 * only `true`, `false`, `null` and numbers as JSON writes them are such; all else is text as it stands.
 *
 * @param text YAML of a mapping, as it was given
 */
export function secretsToBytes(text: string): string {
  const document = parseDocument(text, { merge: true, prettyErrors: false, logLevel: 'error' });
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || node.source === undefined) return;
      if (typeof node.value === 'number' && String(node.value) !== node.source) {
        node.value = node.source;
      }
      if (node.value === null && node.source === '~') node.value = node.source;
    },
  });
  return goJson(document.toJS({ maxAliasCount: 100 }));
}
