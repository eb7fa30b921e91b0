// Signs drawn as small SVG elements, built node by node: no text is ever read as markup.
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const SHAPES = {
    carre: ["rect", { x: 4, y: 4, width: 22, height: 22, rx: 3 }, 19.6],
    rond: ["circle", { cx: 15, cy: 15, r: 12 }, 19.6],
    losange: ["path", { d: "M15 1.5 28.5 15 15 28.5 1.5 15Z" }, 19.6],
    triangle: ["path", { d: "M15 2 29 27H1Z" }, 23.4],
    croix: ["path", { d: "M9.5 2.5h11v7h7v11h-7v7h-11v-7h-7v-11h7z" }, 19.6],
  };
  const STAR = "M19 6.5 22.2 14.6 30.9 15.1 24.2 20.7 26.4 29.1 19 24.4 11.6 29.1 13.8 20.7 7.1 15.1 15.8 14.6Z";
  const COLOUR = /^#[0-9a-f]{6}$/i;

  function svg(name, attributes) {
    const node = document.createElementNS(SVG, name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    return node;
  }

  function html(name, className, text) {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = String(text);
    return node;
  }

  function picture(size) {
    return svg("svg", { viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true", focusable: "false" });
  }

  function familySign(family, hollow) {
    const colour = COLOUR.test(family.colour) ? family.colour : "#555555";
    const [tag, attributes, baseline] = SHAPES[family.shape] || SHAPES.rond;
    const root = picture(30);
    const shape = svg(tag, attributes);
    shape.setAttribute("class", "forme");
    shape.setAttribute("fill", hollow ? "#ffffff" : colour);
    shape.setAttribute("stroke", hollow ? colour : "#ffffff");
    if (hollow) shape.setAttribute("stroke-dasharray", "3 2");
    const letter = svg("text", { x: 15, y: baseline, "text-anchor": "middle", fill: hollow ? colour : "#ffffff" });
    letter.textContent = family.letter;
    root.append(shape, letter);
    return root;
  }

  function pivotSign() {
    const root = picture(38);
    root.append(
      svg("circle", { cx: 19, cy: 19, r: 17, fill: "#14213d", stroke: "#ffffff", "stroke-width": 2.5, class: "forme" }),
      svg("path", { d: STAR, fill: "#ffc93c" })
    );
    return root;
  }

  function pileSign() {
    const root = picture(30);
    root.append(
      svg("circle", { cx: 15, cy: 15, r: 13, fill: "#ffffff", stroke: "#2b3a55", "stroke-width": 2.5, class: "forme" })
    );
    return root;
  }

  function clockSign() {
    const root = picture(24);
    root.append(
      svg("circle", { cx: 12, cy: 12, r: 10, fill: "#fff4d6", stroke: "#6b4a00", "stroke-width": 2.5, class: "forme" }),
      svg("path", { d: "M12 6.5V12l3.6 2.6", fill: "none", stroke: "#6b4a00", "stroke-width": 2.2, "stroke-linecap": "round" })
    );
    return root;
  }

  // A place of another map: small, pale and without a letter, so that it is never taken for a partner.
  function dotSign(known) {
    const root = picture(16);
    root.append(svg("circle", {
      cx: 8, cy: 8, r: 5.5, fill: "#ffffff", stroke: "#4a5672", "stroke-width": 2, class: "forme",
    }));
    if (known) root.append(svg("circle", { cx: 8, cy: 8, r: 2.2, fill: "#4a5672" }));
    return root;
  }

  function badge(count) {
    return html("span", "compte", count);
  }

  window.reseauSigns = { svg, html, familySign, pivotSign, pileSign, clockSign, dotSign, badge };
})();
