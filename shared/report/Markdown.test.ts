import { describe, expect, it } from '@jest/globals';
import { marked } from 'marked';
import { blocks, code, link, type Markdown, md, prose } from './Markdown.ts';
import { table, tableWithin } from './table.ts';

/** Text that would be structure, a command or a link if it were let. */
const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details></table><h1>pass</h1>',
  '<!-- hidden',
  '[click](https://evil.example)',
  '![image](https://evil.example/x.png)',
  '[ref]: https://evil.example',
  '<https://evil.example>',
  'see https://evil.example or www.evil.example or mail a@evil.example',
  '**bold** __bold__ *em* _em_ ~~gone~~ `code` ``` fence',
  '# heading',
  '> quote',
  '- item',
  '+ item',
  '* item',
  '1. item',
  '1) item',
  '=====',
  '-----',
  '| a | b |\n|---|---|\n| c | d |',
  'a\n\n# two\n\nb',
  'a\\|b \\',
  '&lt;b&gt; &amp; &#60;',
  '$\\sqrt{x}$ $`x`$',
  '::error::owned',
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link',
  'user\u202eexe.txt\u200b\u2066x',
  'a\u0000b\u2028c\u0085d',
  '\ud800 lone',
  '@acme/admins please look at #1 and GH-2 :tada:',
  '"><a href="javascript:alert(1)">x</a>',
];

/** The elements that a renderer makes of it. */
function elements(markdown: Markdown): string[] {
  const html = marked.parse(markdown.text, { async: false, gfm: true });
  return [...html.matchAll(/<(?!\/)([a-z0-9]+)|(<!--)/gi)].map(
    ([, name, comment]) => name ?? comment ?? '',
  );
}

/** What stands between the tags, where GitHub looks for mentions and addresses. */
function textOf(markdown: Markdown): string {
  return marked
    .parse(markdown.text, { async: false, gfm: true })
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What a person sees of it. */
function shown(markdown: Markdown): string {
  return textOf(markdown).replaceAll('\u200b', '');
}

function hasUnprintable(text: string): boolean {
  return [...text].some((character) =>
    '\n\r\u0000\u001b\u0007\u2028\u202e\u2066'.includes(character),
  );
}

describe.each(hostile)('hostile text %j', (text) => {
  it('is prose and nothing else', () => {
    expect(elements(prose(text)).filter((name) => name !== 'span')).toEqual(['p']);
    expect(textOf(prose(text))).not.toMatch(/@\w|#\d|GH-\d|:\/\/|:tada|www\./);
    expect(hasUnprintable(prose(text).text)).toBe(false);
  });

  it('is code and nothing else', () => {
    expect(elements(code(text))).toEqual(['p', 'code']);
    expect(code(text).text).not.toMatch(/@|:\/\/|www\./);
    expect(hasUnprintable(code(text).text)).toBe(false);
  });

  it('stays in its cell', () => {
    const markdown = table(
      [md`A`, md`B`],
      [
        [prose(text), code(text)],
        [md`c`, md`d`],
      ],
    );
    expect(elements(markdown).filter((name) => name !== 'span')).toEqual([
      ...['table', 'thead', 'tr', 'th', 'th'],
      ...['tbody', 'tr', 'td', 'td', 'code', 'tr', 'td', 'td'],
    ]);
  });

  it('does not end a link or begin another', () => {
    const markdown = link(code('id'), `https://good.example/?q=${text}`);
    expect(elements(markdown)).toEqual(['p', 'a', 'code']);
  });
});

describe('text is shown as it is', () => {
  it.each([
    'minimist: prototype pollution (a < b & c > d)',
    'dpkg: 1.2-3+deb12u1~bpo*_[x]|y',
    '2 CRITICAL findings in acme.azurecr.io/web@sha256:00, fixed in 1.0',
    'costs $5',
    '# 1. - +',
    'ünïcödé 漢字 🚢',
  ])('%s', (text) => {
    expect(shown(prose(text))).toBe(text);
    expect(shown(code(text))).toBe(text);
  });
});

describe('a link', () => {
  it.each([
    ['javascript:alert(1)', '<code>id</code>'],
    ['data:text/html,x', '<code>id</code>'],
    ['no address', '<code>id</code>'],
    [undefined, '<code>id</code>'],
    ['https://a.example/x', '<a href="https&#58;//a.example/x"><code>id</code></a>'],
  ])('%s', (url, expected) => {
    expect(link(code('id'), url).text).toBe(expected);
  });
});

it('values are escaped unless they are Markdown', () => {
  expect(md`**${'*'}** ${code('*')} ${3}`.text).toBe('**&#42;** <code>&#42;</code> 3');
  expect(blocks(md`a`, undefined, md`b`).text).toBe('a\n\nb');
});

describe('a table within a limit', () => {
  const rows = Array.from({ length: 100 }, (_, at) => [md`row ${at}`, md`ü`]);
  it.each([0, 20, 40, 100, 500, 1000, 10_000])('%d bytes', (bytes) => {
    const { markdown, shown: count } = tableWithin([md`A`, md`B`], rows, bytes);
    if (count > 0) expect(Buffer.byteLength(markdown.text) + 1).toBeLessThanOrEqual(bytes);
    const one = tableWithin([md`A`, md`B`], rows.slice(0, count + 1), 1_000_000).markdown;
    if (count < rows.length) expect(Buffer.byteLength(one.text) + 1).toBeGreaterThan(bytes);
    expect(markdown.text.split('\n')).toHaveLength(count + 2);
  });
});
