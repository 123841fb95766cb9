/** The page's style: light, or dark where the reader's system is; one column on a phone. */
export const pageStyle = `
  :root { color-scheme: light dark; --page: #f4f6f9; --card: #ffffff; --ink: #1f2933; --muted: #566270; --line: #e4e8ee; --right: #2f6db5; --wrong: #b8492c; }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.5; font-family: -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }
  main { max-width: 1180px; margin: 0 auto; padding: 28px 16px 56px; }
  h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
  h2 { font-size: 19px; margin: 0 0 6px; }
  .about { color: var(--muted); margin: 0 0 20px; overflow-wrap: anywhere; }
  section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px; margin: 0 0 20px; }
  .figures { display: flex; flex-wrap: wrap; gap: 12px 32px; margin: 0; }
  .figures div { min-width: 88px; }
  dt { color: var(--muted); font-size: 13px; }
  dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
  .pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); gap: 18px; align-items: start; }
  figure { margin: 0; }
  figure svg { display: block; width: 100%; height: auto; max-width: 660px; margin: 0 auto; }
  figure:last-child { grid-column: 1 / -1; }
  .examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 16px; list-style: none; margin: 14px 0 0; padding: 0; }
  .examples li { border: 1px solid var(--line); border-radius: 10px; padding: 12px; font-size: 13px; overflow-wrap: anywhere; }
  .examples img { display: block; width: 84px; height: 84px; object-fit: contain; image-rendering: pixelated; margin: 0 auto 8px; border-radius: 4px; }
  .examples p { margin: 0; }
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
  @media (prefers-color-scheme: dark) { :root { --page: #0f141b; --card: #18202b; --ink: #e6ebf2; --muted: #9aa8ba; --line: #2b3644; --right: #7fb2f0; --wrong: #ff9d80; } }
`;
