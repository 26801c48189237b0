import type { Answer, Asked } from '../serve.ts';

/** One page of a list, with the links to the others (docs.github.com, "Using pagination"). */
export function paginate<T, Shown>(
  asked: Asked,
  items: readonly T[],
  show: (item: T) => Shown,
): { shown: Shown[]; headers: Record<string, string> } {
  const perPage = Math.min(number(asked.query.get('per_page'), 30), 100);
  const page = number(asked.query.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(asked.query);
    query.set('page', String(to));
    return `<${asked.origin}${asked.path}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    shown: items.slice((page - 1) * perPage, page * perPage).map(show),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

/** A list that is the whole body. */
export function answerPage<T>(
  asked: Asked,
  items: readonly T[],
  show: (item: T) => unknown,
): Answer {
  const { shown, headers } = paginate(asked, items, show);
  return { status: 200, headers, body: shown };
}

function number(text: string | null, otherwise: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
