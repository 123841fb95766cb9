import fc from 'fast-check';
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { SaxesParser } from 'saxes';

/** Elements that run or load something by themselves, or change what others do. */
const active = new Set([
  ...['script', 'iframe', 'frame', 'object', 'embed', 'applet', 'base', 'foreignobject', 'use', 'image'],
  ...['animate', 'set', 'handler', 'portal'],
]);

const addressed = /^(xlink:)?(href|src|srcset|action|formaction|data|poster|background|ping|srcdoc)$/iu;

/** What an attribute of an element runs or loads; null for nothing. A link leads to the web, and all else into the page itself. */
function activity(element: string, name: string, value: string): string | null {
  const harmless = element === 'a' ? /^(https?:\/\/|#)/u : /^(#|data:(image\/png)?[;,])/u;
  const isActive =
    /^on/iu.test(name) ||
    (addressed.test(name) && !harmless.test(value)) ||
    (name === 'style' && /url\(|expression|@import/iu.test(value));
  return isActive ? `${name}=${value}` : null;
}

function* elementsOf(node: Tree.ParentNode): Generator<Tree.Element> {
  for (const child of node.childNodes) {
    if (!('tagName' in child)) continue;
    yield child;
    yield* elementsOf('content' in child ? child.content : child);
  }
}

/** What of a page runs or loads something, as a browser reads it: elements by their text or address, and attributes. */
export function activeInHtml(html: string): string[] {
  return [...elementsOf(parse(html))].flatMap(({ tagName, attrs, childNodes }) => {
    const own = attrs.flatMap(({ name, value }) => activity(tagName, name, value) ?? []);
    if (!active.has(tagName.toLowerCase())) return own;
    const text = childNodes.map((child) => ('value' in child ? child.value : '')).join('');
    return [`<${tagName}>${text}`, ...own];
  });
}

/** The same of a picture, as a reader of XML reads it. Throws where it is not well-formed. */
export function activeInSvg(svg: string): string[] {
  const found: string[] = [];
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (active.has(name.toLowerCase())) found.push(`<${name}>`);
    found.push(...Object.entries(attributes).flatMap(([key, value]) => activity(name, key, value) ?? []));
  });
  parser.write(svg).close();
  return found;
}

const pieces = [
  ...['</title>', '</text>', '</td>', '</style>', '</script>', '</svg>', ']]>', '-->', '<!--', '<![CDATA['],
  ...[
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '<base href=//x>',
  ],
  ...[
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    '"><script>',
    'javascript:alert(1)',
    '</p><iframe src=//x>',
  ],
  ...[
    '&lt;script&gt;',
    '&#60;script&#62;',
    '&',
    '<',
    '>',
    '"',
    "'",
    '`',
    '\0',
    '\u001b[31m',
    '\u2028',
    '\n',
    '\ud800',
    '\ufffe',
  ],
  ...['${alert(1)}', '{{1}}', '<?php', '%3Cscript%3E', 'é', 'cat'],
];

/** Names that end what they stand in and begin something else. */
export const hostileNames: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 5 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(''));
