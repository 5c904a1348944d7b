/** Sections of the pages in docs/, as the page of a tree's scenarios has them: paragraphs, code, and indented blocks. */

import { escaped } from './escaped.ts';

export interface PageSection {
  readonly title: string;
  readonly html: string;
}

/** The section of a Markdown text that `anchor` names, up to the next heading; undefined where there is none. */
export function sectionOf(text: string, anchor: string): PageSection | undefined {
  const parts = text.split(/^#{2,4} /m);
  const found = parts.find((part, at) => at > 0 && anchorOf(titleOf(part)) === anchor);
  if (found === undefined) return undefined;
  const body = found.slice(found.indexOf('\n') + 1);
  const blocks = body.split(/\n{2,}/).filter((block) => block.trim() !== '');
  return { title: titleOf(found), html: blocks.map(blockHtml).join('\n') };
}

function titleOf(part: string): string {
  return part.slice(0, `${part}\n`.indexOf('\n')).trim();
}

/** How code hosting makes an anchor of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function blockHtml(block: string): string {
  if (/^ {4}/.test(block))
    return `<pre tabindex="0">${escaped(block.replace(/^ {4}/gm, '').replace(/^\n+/, ''))}</pre>`;
  return `<p>${escaped(block).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`;
}
