/** A file that a page may load. */
export interface SiteFile {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** Pages and all that they may load, by path. Nothing else is served. */
export type Site = ReadonlyMap<string, SiteFile>;

/** The page at a path. */
export interface Page {
  readonly title: string;
  readonly description: string;
  readonly style: string;
  /** HTML of the body. */
  readonly body: string;
  /** The path of its program, which is run as a module. */
  readonly program: string;
}

/** A page as a file: it loads its own program, and has its style in itself. */
export function pageFile({ title, description, style, body, program }: Page): SiteFile {
  return {
    type: 'text/html; charset=utf-8',
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${description}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${style}</style>
<script type="module" src="${program}"></script>
</head>
<body>
${body}
</body>
</html>
`,
  };
}
