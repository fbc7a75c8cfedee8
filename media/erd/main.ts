/** Where the page of a diagram begins. */
import { ErdApp, type Host } from "./app.ts";

declare function acquireVsCodeApi(): Host;

performance.mark("begun"); // figures of the panel are taken from these marks: bench/erdPanel.ts
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no place for the diagram.");
const app = new ErdApp(root, acquireVsCodeApi());
window.addEventListener("message", ({ data }: MessageEvent<unknown>) => app.receive(data));
void app.start();
