"use strict";
// Nothing is cut off and nothing scrolls: texts shrink to what can still be read, items go to the next page.
Ecran.fit = (() => {
  const PAGES = 3;
  const ZOOMS = [1.1, 1.2, 1.35, 1.5, 1.6];
  const STEPS = [1, 0.9, 0.8, 0.72];

  // Ascenders and descenders may stand out of their line: half a line is not a line too many.
  function over(node) {
    const slack = node.dataset.slack ? Number(node.dataset.slack) : parseFloat(getComputedStyle(node).fontSize) / 2;
    return node.scrollHeight > node.clientHeight + slack || node.scrollWidth > node.clientWidth + 1;
  }

  // A clamped text takes the largest size at which it is whole; the smallest one keeps its «…».
  function texts(root) {
    for (const node of root.querySelectorAll(".fit")) {
      for (const step of STEPS) {
        node.style.setProperty("--fit", step);
        node.classList.toggle("least", step === STEPS[STEPS.length - 1]);
        if (!over(node)) break;
      }
    }
  }

  const boxOver = (box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;

  function cut(box, items, most) {
    const pages = [];
    let page = [];
    box.replaceChildren();
    for (const item of items) {
      box.append(item);
      texts(item);
      if (page.length && (page.length >= most || boxOver(box))) {
        pages.push(page);
        if (pages.length === PAGES) return pages;
        page = [];
        box.replaceChildren(item);
      }
      // Alone and still too tall: only what matters most stays.
      for (const level of ["terse", "bare"]) if (!page.length && boxOver(box)) item.classList.add(level);
      page.push(item);
    }
    if (page.length) pages.push(page);
    return pages;
  }

  // Items by page, at most three pages, about as many on each; pages that are half empty are drawn larger.
  function pages(box, items, most = Infinity) {
    box.style.removeProperty("--u");
    const first = cut(box, items, most);
    const shown = first.flat();
    const even = Math.ceil(shown.length / first.length);
    const second = first.length > 1 && even < first[0].length ? cut(box, shown, even) : first;
    const found = second.flat().length === shown.length ? second : first;
    // Most pages are full: the first step up says so, and no other is tried.
    let unit = "";
    for (const zoom of ZOOMS) {
      if (!found.every((page) => whole(box, page, zoom))) break;
      unit = `${zoom}vmin`;
    }
    box.style.setProperty("--u", unit);
    return { pages: found, unit };
  }

  // Larger, if nothing has to shrink or break for it.
  function whole(box, page, zoom) {
    box.style.setProperty("--u", `${zoom}vmin`);
    box.replaceChildren(...page);
    texts(box);
    const shrunk = (node) => node.style.getPropertyValue("--fit") !== "1";
    const broken = (node) => node.offsetHeight > 2.2 * parseFloat(getComputedStyle(node).fontSize);
    return !boxOver(box) && ![...box.querySelectorAll(".fit")].some(shrunk)
      && ![...box.querySelectorAll(".pill-open")].some(broken);
  }

  // One text as large as its box allows, between two sizes in hundredths of the short side.
  function big(box, node, most = 13, least = 4) {
    node.style.removeProperty("-webkit-line-clamp");
    for (let size = most; size >= least; size *= 0.93) {
      node.style.setProperty("--size", size.toFixed(2));
      if (node.scrollHeight <= box.clientHeight && node.scrollWidth <= box.clientWidth + 1) return;
    }
    node.style.setProperty("--size", least);
    const line = parseFloat(getComputedStyle(node).lineHeight);
    node.style.setProperty("-webkit-line-clamp", Math.max(1, Math.floor(box.clientHeight / line)));
  }

  return { texts, pages, big };
})();
