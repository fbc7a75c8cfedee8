/**
 * A webview panel with a page of ours: one bundle of `dist/webviews`, a channel to it, and nothing else it could load.
 * Its content does not outlive being hidden; the page asks for everything again.
 */
import { randomBytes } from "node:crypto";
import { Uri, type Webview, type WebviewPanel } from "vscode";
import { type Channel, createChannel, type Handlers, type Methods } from "../../../protocol/src/channel.ts";
import { webviewHtml } from "./webviewHtml.ts";

export interface PanelOptions<In extends Methods<In>, Out extends Methods<Out>> {
  readonly extensionUri: Uri;
  /** Of the bundle: `erd` for `dist/webviews/erd.js` and `erd.css`. */
  readonly bundle: string;
  /** Of the document inside; the tab has a title of its own. */
  readonly title: string;
  readonly in: In;
  readonly out: Out;
  readonly handlers: Handlers<In>;
  log(what: string): void;
}

/** Fills a panel, new or restored. The channel closes with the panel. */
export function fillPanel<In extends Methods<In>, Out extends Methods<Out>>(panel: WebviewPanel, options: PanelOptions<In, Out>): Channel<Out> {
  const { webview } = panel;
  const folder = bundleFolder(options.extensionUri);
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const channel = createChannel({
    in: options.in,
    out: options.out,
    handlers: options.handlers,
    post: (message) => void webview.postMessage(message),
    log: options.log,
  });
  webview.onDidReceiveMessage((message: unknown) => channel.receive(message));
  panel.onDidDispose(() => channel.close());
  webview.html = webviewHtml({
    title: options.title,
    scriptUri: addressOf(webview, folder, `${options.bundle}.js`),
    styleUri: addressOf(webview, folder, `${options.bundle}.css`),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString("base64url"),
  });
  return channel;
}

export function bundleFolder(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, "dist/webviews");
}

function addressOf(webview: Webview, folder: Uri, name: string): string {
  return webview.asWebviewUri(Uri.joinPath(folder, name)).toString();
}
