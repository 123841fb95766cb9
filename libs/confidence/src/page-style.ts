/** The page's style: light, or dark where the reader's system is; one column on a phone. */
export const pageStyle = `
  :root { color-scheme: light dark; --page: #f4f6f9; --card: #ffffff; --ink: #1f2933; --muted: #566270; --line: #e4e8ee; --edge: #9aa5b4; --right: #2f6db5; --wrong: #b8492c; }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.5; font-family: -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }
  main { max-width: 1180px; margin: 0 auto; padding: 28px 16px 56px; }
  h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
  h2 { font-size: 19px; margin: 0 0 10px; }
  h3 { font-size: 16px; margin: 22px 0 8px; }
  .about { color: var(--muted); margin: 0 0 20px; overflow-wrap: anywhere; }
  section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px; margin: 0 0 20px; }
  .figures { display: flex; flex-wrap: wrap; gap: 12px 32px; margin: 0; }
  .figures div { min-width: 88px; }
  dt { color: var(--muted); font-size: 13px; }
  dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
  .pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); gap: 18px; align-items: start; }
  figure { margin: 0; }
  figure svg { display: block; width: 100%; height: auto; max-width: 660px; margin: 0 auto; }
  section p { margin: 0 0 12px; max-width: 80ch; }
  section p:last-child { margin-bottom: 0; }
  .scroll + figure, .figures + .pictures { margin-top: 24px; }
  .compared td:first-child, .compared th { min-width: 92px; }
  .status { color: var(--muted); margin: 0 0 16px; min-height: 1.5em; }
  .controls { position: sticky; top: 0; z-index: 1; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr)); gap: 12px 28px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 20px; margin: 0 0 8px; }
  .controls[hidden] { display: none; }
  .control { display: grid; grid-template-columns: 1fr auto; align-items: center; gap: 4px 12px; align-content: start; }
  .control label { font-weight: 600; font-size: 14px; }
  .control output { font-variant-numeric: tabular-nums; font-weight: 600; }
  .control input { grid-column: 1 / -1; width: 100%; margin: 0; accent-color: var(--right); }
  .hint { grid-column: 1 / -1; margin: 0; color: var(--muted); font-size: 12.5px; line-height: 1.35; }
  select, button { font: inherit; font-size: 14px; color: var(--ink); background: var(--page); border: 1px solid var(--edge); border-radius: 8px; padding: 6px 12px; min-height: 36px; }
  button { cursor: pointer; }
  button:hover { border-color: var(--right); }
  .control button { grid-column: 1 / -1; }
  :focus-visible { outline: 2px solid var(--right); outline-offset: 2px; }
  @media (max-width: 640px) { .controls { position: static; } }
  .examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 16px; list-style: none; margin: 14px 0 0; padding: 0; }
  .examples li { border: 1px solid var(--line); border-radius: 10px; padding: 12px; font-size: 13px; overflow-wrap: anywhere; }
  .examples img { display: block; width: 84px; height: 84px; object-fit: contain; image-rendering: pixelated; margin: 0 auto 8px; border-radius: 4px; }
  .examples p { margin: 0; }
  .examples .number { color: var(--muted); }
  .examples ol { list-style: none; margin: 6px 0 0; padding: 0; }
  .examples ol li { border: 0; border-radius: 0; padding: 0; display: flex; justify-content: space-between; gap: 8px; font-variant-numeric: tabular-nums; }
  .right { color: var(--right); font-weight: 600; }
  .wrong { color: var(--wrong); font-weight: 600; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
  th { text-align: left; color: var(--muted); font-size: 13px; }
  thead th { border-bottom: 2px solid var(--line); }
  tbody th { color: var(--ink); font-weight: 600; }
  th, td { padding: 6px 14px 6px 0; white-space: nowrap; }
  tbody tr + tr > * { border-top: 1px solid var(--line); }
  @media (prefers-color-scheme: dark) { :root { --page: #0f141b; --card: #18202b; --ink: #e6ebf2; --muted: #9aa8ba; --line: #2b3644; --edge: #64748b; --right: #7fb2f0; --wrong: #ff9d80; } }
`;
