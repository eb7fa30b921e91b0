"use strict";
// The plan: drawn for the pixels there are, so that numbers keep their size at every size of screen.
Ecran.map = (() => {
  const { html, svg, draw } = Ecran;
  const ROUNDS = 60;
  const METRES = [20, 50, 100, 200, 500, 1000, 2000, 5000];

  function row(words, place) {
    const minutes = place.minutes === null ? null : words.say("walk", { n: String(place.minutes) });
    return html("li", { class: "row" }, draw.badge(place.number), html("div", { class: "words" },
      html("h2", { class: "name fit" }, Ecran.slides.placeTitle(words, place)),
      minutes && html("p", { class: "contact" }, minutes)));
  }

  function view(ctx) {
    const { words, content } = ctx;
    const places = Ecran.slides.placesOf(ctx).filter((place) => place.xy && place.number !== null);
    if (!content.map) return null;
    const items = places.map((place) => row(words, place));
    const of = new Map(items.map((item, index) => [item, places[index]]));
    return {
      kind: "plan", icon: "carte", title: () => words.say("map_title"), items,
      drawn: (box, shown) => draught(box, content.map, words, shown.map((item) => of.get(item)), places),
    };
  }

  function draught(box, plan, words, shown, all) {
    const { width, height } = plan;
    const legend = html("div", { class: "legend" });
    box.replaceChildren(legend);
    const rough = Math.min(box.clientWidth / width, box.clientHeight / height);
    legend.append(...explained(plan, rough, words, box));
    const unit = Math.min(innerWidth, innerHeight) / 100;
    const room = box.clientHeight - legend.offsetHeight - 1.2 * unit;
    const scale = Math.min(box.clientWidth / width, room / height);
    legend.replaceChildren(...explained(plan, scale, words, box));
    const [w, h] = [width * scale, height * scale];
    const at = ([x, y]) => [x * scale, y * scale];
    const ground = svg("g", { transform: `scale(${scale})`, class: "ground" },
      ...plan.streets.map((d) => svg("path", { d, class: "street" })),
      ...plan.areas.map((d) => svg("path", { d, class: "area" })));
    const others = all.filter((place) => !shown.includes(place)).map((place) => {
      const [cx, cy] = at(place.xy);
      return svg("circle", { cx, cy, r: unit * 0.7, class: "dot" });
    });
    const drawn = svg("svg", {
      class: "map", viewBox: `0 0 ${w} ${h}`, width: w, height: h, "aria-hidden": "true", focusable: "false",
    }, ground, ...others, ...here(plan, at, unit));
    box.replaceChildren(drawn, legend);
    const fixed = plan.here ? label(at(plan.here), words, box, [w, h], unit) : [];
    const marks = apart(shown.map((place) => ({ place, spot: at(place.xy) })), fixed, unit * 2.6, [w, h]);
    drawn.append(...marks.map((mark) => numbered(mark, unit)));
  }

  // Numbers that would cover each other, or the screen's own mark, are pushed apart, near where they belong.
  function apart(marks, fixed, radius, [w, h]) {
    const nudged = ([x, y], turn) => [x + Math.cos(turn) * 0.1, y + Math.sin(turn) * 0.1];
    const xy = marks.map(({ spot }, index) => nudged(spot, index * 2.4));
    for (let round = 0; round < ROUNDS; round += 1) {
      let moved = false;
      xy.forEach((one, index) => {
        const rest = [...xy.slice(0, index).map((other) => [other, 0.5]), ...fixed.map((other) => [other, 1])];
        for (const [other, share] of rest) moved = part(one, other, radius * 2.1, share) || moved;
        one[0] = Ecran.clamp(one[0], radius, w - radius);
        one[1] = Ecran.clamp(one[1], radius, h - radius);
      });
      if (!moved) break;
    }
    return marks.map((mark, index) => ({ ...mark, xy: xy[index] }));
  }

  function part(one, other, gap, share) {
    const [dx, dy] = [one[0] - other[0], one[1] - other[1]];
    const far = Math.hypot(dx, dy) || 0.01;
    if (far >= gap) return false;
    const [px, py] = [(dx / far) * (gap - far), (dy / far) * (gap - far)];
    one[0] += px * share;
    one[1] += py * share;
    if (share < 1) {
      other[0] -= px * (1 - share);
      other[1] -= py * (1 - share);
    }
    return true;
  }

  function numbered({ place, spot, xy: [x, y] }, unit) {
    return svg("g", { class: "numbered" },
      svg("line", { x1: spot[0], y1: spot[1], x2: x, y2: y }),
      svg("circle", { cx: x, cy: y, r: unit * 2.4 }),
      svg("text", { x, y, dy: "0.36em", "text-anchor": "middle", direction: "ltr" }, String(place.number)));
  }

  function here(plan, at, unit) {
    if (!plan.here) return [];
    const [cx, cy] = at(plan.here);
    return [svg("circle", { cx, cy, r: unit * 1.7, class: "here" }),
      svg("circle", { cx, cy, r: unit * 0.7, class: "here-heart" })];
  }

  // Words stand on the plan as text, so that they have the font and the direction of the language. Returns
  // the spots where no number may stand: the screen's own mark and its words.
  function label(spot, words, box, [w, h], unit) {
    const said = html("p", { class: "here-label" }, words.say("here"));
    box.append(said);
    const half = said.offsetWidth / 2;
    const x = Ecran.clamp(spot[0], Math.min(half, w / 2), Math.max(w - half, w / 2));
    const y = spot[1] + (spot[1] > h * 0.85 ? -unit * 7.5 : unit * 2.2);
    said.style.left = `${(box.clientWidth - w) / 2 + x}px`;
    said.style.top = `${y}px`;
    const parts = Math.ceil(half / (unit * 3));
    const along = Array.from({ length: parts + 1 }, (_, index) => x - half + (2 * half * index) / parts);
    return [spot, ...along.map((each) => [each, y + said.offsetHeight / 2])];
  }

  function explained(plan, scale, words, box) {
    const most = (box.clientWidth * 0.25) / scale * plan.metres;
    const metres = METRES.filter((value) => value <= most).pop() || METRES[0];
    const bar = html("span", { class: "scale-bar" });
    bar.style.width = `${(metres / plan.metres) * scale}px`;
    return [html("p", { class: "scale" }, bar, words.say("scale", { n: String(metres) })),
      html("p", { class: "credit" }, words.own(plan.credit))];
  }

  return { view, draught };
})();
