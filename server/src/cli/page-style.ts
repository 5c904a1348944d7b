/** How the page of `barrierlens simulate --html` looks. */

export const PAGE_STYLE = `
:root { color-scheme: light; --ink: #1f2328; --soft: #57606a; --line: #d0d7de; --ground: #f6f8fa; --paper: #fff; --now: #fff1b8;
  --gone: #ffebe9; --kept: #dafbe1; --stale: #a40e26; --focus: #0969da; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1rem 1.5rem 3rem; color: var(--ink); background: #fff;
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0; }
code, pre, th[scope=row], #steps, .source { font: 13px/1.5 ui-monospace, monospace; }
pre { background: var(--ground); border: 1px solid var(--line); padding: .5rem; overflow-x: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--ground); }
th[scope=row] { font-weight: normal; white-space: nowrap; }
td.needed { border-left: 4px solid #1a7f37; }
td.broken { border-left: 4px solid #cf222e; }
td.not-needed { border-left: 4px solid #8c959f; color: var(--soft); }
td.none { color: var(--soft); }
.remark { color: #7a4100; }
button { font: inherit; padding: .1rem .5rem; border: 1px solid #6e7781; border-radius: .3rem; background: #fff;
  color: #0550ae; cursor: pointer; text-align: left; }
button:hover { background: #ddf4ff; }
button:disabled { color: var(--soft); border-color: var(--line); cursor: default; background: #fff; }
:focus-visible { outline: 3px solid #0969da; outline-offset: 2px; }
`;
