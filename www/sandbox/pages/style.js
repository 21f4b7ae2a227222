export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f1f3f2; --card: #ffffff; --text: #17212b; --muted: #5a6773; --line: #d9dfe1;
  --accent: #1f6f5c; --accent-strong: #17594a; --on-accent: #ffffff; --soft: #e7f2ee;
  --bad: #a3262a; --bad-soft: #fbeceb; --note: #6b4e00; --note-soft: #fff6da; --field: #ffffff; --field-line: #87939c;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11171b; --card: #1a2227; --text: #e8edef; --muted: #a2afb7; --line: #2f3a41;
    --accent: #57c2a4; --accent-strong: #74d3b8; --on-accent: #08231b; --soft: #1b3530;
    --bad: #ff9c95; --bad-soft: #3a2122; --note: #f3d489; --note-soft: #352c15; --field: #131a1e; --field-line: #6d7b84;
  }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--page); color: var(--text); display: flex; flex-direction: column; }
.ribbon { background: var(--note-soft); color: var(--note); font-size: .875rem; text-align: center; padding: .5rem 1rem; }
main { flex: 1; width: 100%; max-width: 30rem; margin: 0 auto; padding: clamp(1rem, 5vh, 4rem) 1rem 2rem; }
main.wide { max-width: 46rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: clamp(1.25rem, 5vw, 2rem);
  box-shadow: 0 1px 2px rgb(0 0 0 / .05), 0 12px 32px -16px rgb(0 0 0 / .18); overflow-wrap: anywhere; }
.account { display: flex; align-items: center; gap: .5rem; color: var(--muted); font-size: .9375rem; margin: 0 0 1rem; padding: 0 .25rem; }
.account strong { color: var(--text); }
.dot { width: .625rem; height: .625rem; border-radius: 50%; background: var(--accent); flex: none; }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .5rem; text-wrap: balance; }
h2 { font-size: .9375rem; margin: 1.5rem 0 .5rem; }
p { margin: 0 0 .75rem; }
.muted { color: var(--muted); font-size: .9375rem; }
a { color: var(--accent); }
label { display: block; font-weight: 600; font-size: .9375rem; margin: 1rem 0 .25rem; }
input { width: 100%; font: inherit; color: inherit; background: var(--field); border: 1px solid var(--field-line); border-radius: 8px; padding: .625rem .75rem; }
button { font: inherit; font-weight: 600; border-radius: 8px; border: 1px solid transparent; padding: .6875rem 1rem; cursor: pointer; min-height: 44px; }
.primary { background: var(--accent); color: var(--on-accent); }
.primary:hover { background: var(--accent-strong); }
.secondary { background: transparent; color: var(--text); border-color: var(--field-line); }
.secondary:hover { background: var(--soft); }
.link { background: none; border: 0; padding: 0; min-height: 0; color: var(--accent); font-weight: 500; text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.block { width: 100%; margin-top: 1.25rem; }
.choices { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin-top: 1.5rem; }
.choices button { width: 100%; }
.client { display: flex; gap: .875rem; align-items: center; margin-bottom: 1.25rem; }
.logo { width: 3rem; height: 3rem; border-radius: 12px; background: var(--soft); color: var(--accent); display: grid; place-items: center; font-weight: 700; flex: none; }
.client p { margin: 0; }
ul.scopes { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 10px; }
ul.scopes li { display: grid; gap: .125rem; padding: .625rem .875rem; }
ul.scopes li + li { border-top: 1px solid var(--line); }
code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--muted); }
.alert { background: var(--bad-soft); color: var(--bad); border-radius: 8px; padding: .625rem .875rem; margin: .75rem 0; }
.aside { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: 1rem; font-size: .9375rem; }
.aside h2:first-child { margin-top: 0; }
ul.people { list-style: none; margin: .5rem 0 0; padding: 0; display: grid; gap: .5rem; }
ul.people form { display: block; }
ul.people button { width: 100%; text-align: left; font-weight: 500; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
ul.people .muted { font-weight: 400; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: 0; font-size: .9375rem; }
dt { color: var(--muted); }
dd { margin: 0; }
.entry + .entry { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: 1rem; }
.entry h3 { margin: 0 0 .375rem; font-size: 1rem; }
@media (max-width: 26rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .375rem; } }
`;
