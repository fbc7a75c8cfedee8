/** Where the page of a plan begins. */
import { type Host, PlanApp } from "./app.ts";

declare function acquireVsCodeApi(): Host;

performance.mark("begun"); // figures of the panel are taken from these marks: bench/planPanel.ts
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no place for the plan.");
const app = new PlanApp(root, acquireVsCodeApi());
window.addEventListener("message", ({ data }: MessageEvent<unknown>) => app.receive(data));
void app.start();
