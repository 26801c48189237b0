import type { ObjectChange } from '../../../../../shared/kube/compare/ObjectChange.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { code, type Markdown, md } from '../../../../../shared/report/Markdown.ts';
import type { Row } from '../../../../../shared/report/table.ts';
import type { PlannedObject } from './Plan.ts';

export const fieldsHead: Row = [md`Object`, md`Field`, md`Now`, md`Then`];

/** Fields of an object that differ, one a row; what may be secret is said to change. */
export function fieldRows(
  object: string,
  fields: PlannedObject['fields'] | ObjectChange['fields'],
): readonly Row[] {
  return fields.map(({ path, before, after }) => {
    const isHidden = before === undefined && after === undefined;
    const value = (text: string | undefined): Markdown =>
      isHidden ? md`*not shown*` : text === undefined ? md`–` : code(oneLine(text));
    return [code(oneLine(object)), code(oneLine(path)), value(before), value(after)];
  });
}
