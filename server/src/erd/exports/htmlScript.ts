/**
 * What moves an exported page: search, zoom, pan, all by mouse and by keyboard. Plain text, for it goes into the page as
 * it is, where only a script with its digest runs.
 *
 * Invariant: no name of a schema is part of it, and it makes no markup: it reads the page and sets attributes.
 */
export const htmlScript = `"use strict";
const stage = document.querySelector(".stage");
const svg = stage.querySelector("svg");
const search = document.querySelector("input");
const said = document.querySelector("output");
const [left, top0, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
let view = { x: left, y: top0, width, height };

function show(next) {
  const least = 100, most = Math.max(width, height) * 4;
  const size = Math.min(most, Math.max(least, next.width));
  view = { x: next.x, y: next.y, width: size, height: size * (next.height / next.width) };
  svg.setAttribute("viewBox", [view.x, view.y, view.width, view.height].map((n) => n.toFixed(2)).join(" "));
}

function fit() {
  const ratio = stage.clientHeight / Math.max(1, stage.clientWidth);
  const wide = Math.max(width, height / ratio);
  show({ x: left + (width - wide) / 2, y: top0 + (height - wide * ratio) / 2, width: wide, height: wide * ratio });
}

function zoom(factor, at = { x: view.x + view.width / 2, y: view.y + view.height / 2 }) {
  const by = Math.min(Math.max(width, height) * 4, Math.max(100, view.width * factor)) / view.width;
  show({ x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by, width: view.width * by, height: view.height * by });
}

function pan(x, y) {
  show({ ...view, x: view.x + x, y: view.y + y });
}

const scale = () => view.width / Math.max(1, stage.clientWidth);

stage.addEventListener("wheel", (event) => {
  event.preventDefault();
  const bounds = stage.getBoundingClientRect();
  const at = { x: view.x + (event.clientX - bounds.left) * scale(), y: view.y + (event.clientY - bounds.top) * scale() };
  zoom(Math.exp(Math.max(-50, Math.min(50, event.deltaY)) / 200), at);
}, { passive: false });

let held;
stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  held = { x: event.clientX, y: event.clientY };
  stage.setPointerCapture(event.pointerId);
});
stage.addEventListener("pointermove", (event) => {
  if (held === undefined) return;
  pan((held.x - event.clientX) * scale(), (held.y - event.clientY) * scale());
  held = { x: event.clientX, y: event.clientY };
});
for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => { held = undefined; });

stage.addEventListener("keydown", (event) => {
  const step = view.width / 10;
  const keys = {
    ArrowLeft: () => pan(-step, 0), ArrowRight: () => pan(step, 0), ArrowUp: () => pan(0, -step), ArrowDown: () => pan(0, step),
    "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), 0: fit, "/": () => search.focus(),
  };
  if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

const boxes = [...svg.querySelectorAll(".box")].map((box) => ({
  box,
  words: [box.dataset.key, ...[...box.querySelectorAll("[data-column]")].map((column) => column.dataset.column)].join("\\n").toLowerCase(),
}));
let found = [], at = 0;

function look() {
  const wanted = search.value.trim().toLowerCase();
  found = wanted === "" ? [] : boxes.filter(({ words }) => words.includes(wanted)).map(({ box }) => box);
  for (const { box } of boxes) box.classList.toggle("selected", found.includes(box));
  svg.classList.toggle("dimmed", found.length > 0);
  at = 0;
  go();
}

function go() {
  const box = found[at];
  said.textContent = search.value.trim() === "" ? "" : found.length === 0 ? "Nothing found" : at + 1 + " of " + found.length + ": " + box.dataset.key;
  if (box === undefined) return;
  const { x, y, width: w, height: h } = box.getBBox();
  const { e, f } = box.transform.baseVal.consolidate().matrix;
  const ratio = view.height / view.width;
  const wide = Math.max(w * 2.5, (h * 1.3) / ratio, 600);
  show({ x: e + x + w / 2 - wide / 2, y: f + y + h / 2 - (wide * ratio) / 2, width: wide, height: wide * ratio });
}

search.addEventListener("input", look);
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { search.value = ""; look(); fit(); stage.focus(); }
  if (event.key !== "Enter" || found.length === 0) return;
  at = (at + (event.shiftKey ? found.length - 1 : 1)) % found.length;
  go();
});
const actions = { in: () => zoom(0.8), out: () => zoom(1.25), fit };
for (const button of document.querySelectorAll("button")) button.addEventListener("click", () => actions[button.dataset.does]());
addEventListener("resize", fit);
fit();
`;
