// Names of quartiers find a place clear of markers and of each other, inside or just beside the boundary.
(function () {
  "use strict";
  const GAP = 12;
  const MARKER = 15;
  const OVER_A_NAME = 4;
  const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  function boxAt(x, y, size) {
    return { left: x - size.w / 2, right: x + size.w / 2, top: y - size.h / 2, bottom: y + size.h / 2 };
  }

  function overlap(a, b) {
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return width > 0 && height > 0 ? width * height : 0;
  }

  const hidden = (box, others) => others.reduce((sum, other) => sum + overlap(box, other), 0);

  // Vertical shifts to try, the middle first, so that a name moves only when it gains by it.
  function shifts(map, name) {
    const middle = map.latLngToLayerPoint(name.at).y;
    const top = map.latLngToLayerPoint(name.bounds.getNorthWest()).y;
    const bottom = map.latLngToLayerPoint(name.bounds.getSouthEast()).y;
    const inside = [0.25, 0.5, 0.75].flatMap((part) => [part * (top - middle), part * (bottom - middle)]);
    return [0, ...inside, top - GAP - middle, bottom + GAP - middle];
  }

  function place(map, name, obstacles, taken) {
    const at = map.latLngToLayerPoint(name.at);
    const size = { w: name.node.offsetWidth, h: name.node.offsetHeight };
    let best = null;
    for (const dy of shifts(map, name)) {
      const box = boxAt(at.x, at.y + dy, size);
      const cost = hidden(box, obstacles) + OVER_A_NAME * hidden(box, taken);
      if (!best || cost < best.cost) best = { cost, dy, box };
    }
    return best;
  }

  function tidy(state) {
    const { map } = state;
    const side = { w: 2 * MARKER, h: 2 * MARKER };
    const obstacles = [...state.structures.places(), ...state.permanences.places()].map(({ lat, lon }) => {
      const at = map.latLngToLayerPoint([lat, lon]);
      return boxAt(at.x, at.y, side);
    });
    const taken = [];
    for (const name of state.names) {
      name.node.classList.remove("court");
      let found = place(map, name, obstacles, taken);
      if (taken.some((other) => meets(found.box, other))) {
        name.node.classList.add("court");
        found = place(map, name, obstacles, taken);
      }
      name.node.style.marginTop = `${Math.round(found.dy)}px`;
      taken.push(found.box);
    }
  }

  window.reseauNames = { tidy };
})();
