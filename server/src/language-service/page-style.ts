/** How the page of a tree's scenarios looks: by itself in a browser, and its table wherever it stands. */

/** A page of its own: colours by the variables that the player takes too. */
export const PAGE_STYLE = `
:root { color-scheme: light; --ink: #1f2328; --soft: #57606a; --line: #d0d7de; --ground: #f6f8fa; --paper: #fff; --now: #fff1b8;
  --gone: #ffebe9; --kept: #dafbe1; --stale: #a40e26; --focus: #0969da; --remark: #7a4100; --good: #1a7f37; --bad: #cf222e; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1rem 1.5rem 3rem; color: var(--ink); background: #fff;
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0; }
code, pre, th[scope=row], #steps, .source { font: 13px/1.5 ui-monospace, monospace; }
button { font: inherit; padding: .1rem .5rem; border: 1px solid #6e7781; border-radius: .3rem; background: #fff;
  color: #0550ae; cursor: pointer; text-align: left; }
button:hover { background: #ddf4ff; }
button:disabled { color: var(--soft); border-color: var(--line); cursor: default; background: #fff; }
:focus-visible { outline: 3px solid #0969da; outline-offset: 2px; }
`;

/** The table and what stands around it. */
export const TABLE_STYLE = `
pre { background: var(--ground); border: 1px solid var(--line); padding: .5rem; overflow-x: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
td p { margin: .25rem 0; }
thead th { background: var(--ground); }
th[scope=row] { font-weight: normal; white-space: nowrap; }
td.needed { border-left: 4px solid var(--good); }
td.broken { border-left: 4px solid var(--bad); }
td.not-needed { border-left: 4px solid var(--soft); color: var(--soft); }
td.none { color: var(--soft); }
.remark { color: var(--remark); }
@media (max-width: 60rem) {
  th[scope=row] { white-space: normal; overflow-wrap: anywhere; min-width: 9rem; }
  th, td { padding: .2rem .3rem; }
}
`;
