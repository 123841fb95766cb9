/** The page's style: light, or dark where the reader's system is. */
export const pageStyle = `
  :root {
    color-scheme: light dark;
    --page: #f4f6f9; --card: #ffffff; --ink: #1f2933; --muted: #5b6776; --line: #e4e8ee;
    --accent: #2f6db5; --best: #e7f0fb; --warn-ink: #8a4b08; --warn: #fdf0dc;
  }
  * { box-sizing: border-box; }
  body {
    margin: 0; background: var(--page); color: var(--ink); line-height: 1.5;
    font-family: -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif;
  }
  main { max-width: 1180px; margin: 0 auto; padding: 32px 20px 64px; }
  h1 { font-size: 28px; line-height: 1.25; margin: 0 0 4px; }
  h2 { font-size: 20px; margin: 0 0 12px; }
  a { color: var(--accent); overflow-wrap: anywhere; }
  .about { color: var(--muted); margin: 0 0 24px; }
  section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 22px; margin: 0 0 22px; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-size: 15px; font-variant-numeric: tabular-nums; }
  th { text-align: left; color: var(--muted); font-weight: 600; font-size: 13px; border-bottom: 2px solid var(--line); }
  th, td { padding: 8px 12px 8px 0; white-space: nowrap; }
  tbody tr + tr td { border-top: 1px solid var(--line); }
  td.best strong { background: var(--best); border-radius: 6px; padding: 3px 7px; margin-left: -7px; }
  .deviation { color: var(--muted); font-size: 13px; }
  .missing { background: var(--warn); color: var(--warn-ink); border-radius: 6px; padding: 2px 8px; font-size: 13px; }
  .pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); gap: 18px; margin-top: 22px; align-items: start; }
  figure { margin: 0; }
  figure svg { display: block; width: 100%; height: auto; max-width: 520px; margin: 0 auto; }
  details { margin-top: 18px; }
  summary { cursor: pointer; color: var(--accent); font-weight: 600; }
  details table { font-size: 13.5px; margin-top: 8px; }
  td.significant { font-weight: 600; }
  ul { margin: 0; padding-left: 20px; }
  @media (prefers-color-scheme: dark) {
    :root {
      --page: #0f141b; --card: #18202b; --ink: #e6ebf2; --muted: #9aa8ba; --line: #2b3644;
      --accent: #7fb2f0; --best: #1f3a5c; --warn-ink: #f6c88a; --warn: #46310f;
    }
  }
  @media print { body { background: none; } section { break-inside: avoid; } }
`;
