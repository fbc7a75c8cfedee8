/**
 * The page of a webview: one script, one style sheet, and a policy that allows nothing else. It says nothing itself, so
 * no name of a schema is ever part of HTML.
 */

export interface WebviewPage {
  readonly title: string;
  /** Addresses inside of the webview. */
  readonly scriptUri: string;
  readonly styleUri: string;
  /** The webview's own source, for the policy. */
  readonly cspSource: string;
  /** Fresh for every page. */
  readonly nonce: string;
}

export function webviewHtml({ title, scriptUri, styleUri, cspSource, nonce }: WebviewPage): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy(cspSource, nonce))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${escaped(styleUri)}">
</head>
<body>
<main id="root"></main>
<script nonce="${escaped(nonce)}" src="${escaped(scriptUri)}"></script>
</body>
</html>
`;
}

function policy(cspSource: string, nonce: string): string {
  return `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}; img-src ${cspSource} data:; font-src ${cspSource}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
