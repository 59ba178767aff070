export interface PageParts {
  title: string;
  language: string;
  script: string;
  style: string;
  /** Unguessable, and another one for each page. */
  nonce: string;
}

/**
 * The page of a view, all in one piece: nothing is loaded after it. In a browser and over SSH VS Code hands files to a
 * view through a service worker, which was seen not to answer (408 after half a minute): the view then stays empty.
 */
export function pageOf({ title, language, script, style, nonce }: PageParts): string {
  // The toolkit tries :focus-visible with one empty style element, which takes its nonce from the page; the rest of its
  // styles are adopted style sheets, which need no 'unsafe-inline'.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data: blob:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<script nonce="${nonce}">${inert(script)}</script>
</body>
</html>`;
}

/** Two sequences would end or change the script element. They stand in strings, templates and regular expressions only. */
function inert(script: string): string {
  return script.replace(/<(?=\/script|!--)/gi, '\\x3C');
}
