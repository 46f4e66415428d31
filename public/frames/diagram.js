/* Draws one Mermaid text after the other for the page around it. This document has no origin, no network and no storage:
   what a text makes Mermaid do stays here, and only the drawing leaves, as text that the page shows as an image. */
"use strict";

const configure = (dark) =>
  globalThis.mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: dark ? "dark" : "neutral",
    fontFamily: "ui-sans-serif, system-ui, sans-serif",
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    maxTextSize: 10000,
    maxEdges: 300,
    suppressErrorRendering: true,
    deterministicIds: true,
  });

const sized = (svg) => {
  const element = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const [, , width, height] = (element.getAttribute("viewBox") ?? "").split(/[\s,]+/).map(Number);
  if (!(width > 0 && height > 0)) throw new Error("a drawing without a size");
  // An image needs a size of its own; in the page it is fitted.
  element.setAttribute("width", String(Math.ceil(width)));
  element.setAttribute("height", String(Math.ceil(height)));
  for (const link of element.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  return {
    svg: new XMLSerializer().serializeToString(element),
    width: Math.ceil(width),
    height: Math.ceil(height),
  };
};

/* What a text says about its settings would loosen ours, and its images would be asked for. */
const withoutSettings = (text) =>
  text
    .replace(/^\s*---[ \t]*\n[\s\S]*?\n---[ \t]*\n/, "")
    .replace(/%%\{[\s\S]*?\}%%/g, "")
    .replace(/\bimg\s*:/gi, "image-left-out:")
    .replace(/<[^>\n]*>?/g, (tag) => (/^<(?:br\s*\/?>|[-=|.ox]|$|<)/i.test(tag) ? tag : ""));

const draw = async ({ id, text, dark }) => {
  try {
    configure(dark);
    const { svg } = await globalThis.mermaid.render(`d${id}`, withoutSettings(text));
    return { id, ...sized(svg) };
  } catch {
    return { id, svg: null };
  }
};

let last = Promise.resolve();
addEventListener("message", (event) => {
  if (event.source !== parent) return;
  last = last.then(async () => parent.postMessage(await draw(event.data), "*"));
});
parent.postMessage({ ready: true }, "*");
