"use strict";
// Classic scripts share one name, so that the page works from a file, where modules do not load.
window.Ecran = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const asked = new URLSearchParams(location.hash.slice(1));
  // For trials: #vitesse=60 divides every duration, #diapo=ID holds a slide, #langue=ar keeps one language.
  const speed = Math.min(Math.max(Number(asked.get("vitesse")) || 1, 1), 1000);

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child instanceof Node || (typeof child === "string" && child !== "")));
    return node;
  }

  const html = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const wait = (milliseconds) => milliseconds / speed;

  function randomKey() {
    // randomUUID exists in secure contexts only; a screen on a local network is not one.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  return {
    html, svg, clamp, wait, randomKey, speed,
    held: asked.get("diapo") || "",
    language: asked.get("langue") || "",
    served: location.protocol === "http:" || location.protocol === "https:",
    folder: new URL("./", location.href.split("#")[0]).href,
  };
})();
