/** The page of `barrierlens simulate --html`: one file that needs no other and no network. */

import { escaped } from '../language-service/escaped.ts';
import { PAGE_STYLE, TABLE_STYLE } from '../language-service/page-style.ts';
import { embedded, PLAYER_SCRIPT, PLAYER_STYLE } from '../language-service/player.ts';
import { tableBody, tableSummary } from '../language-service/table-html.ts';
import { pageOf } from '../language-service/table-page.ts';

/** The page of all answers. */
export function pageHtml(...answers: Parameters<typeof pageOf>): string {
  const page = pageOf(...answers);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(page.title)}: what each barrier is for</title>
<style>${PAGE_STYLE}${TABLE_STYLE}${PLAYER_STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(page.title)}: what each barrier is for</h1>
${tableSummary(page)}
</header>
<main>
${tableBody(page)}
</main>
<script type="application/json" id="page">${embedded(page)}</script>
<script>${PLAYER_SCRIPT}</script>
</body>
</html>
`;
}
