// One drawing function per section of the payload; a section that did not change is not touched.
(function () {
  "use strict";
  const { html, familySign, pivotSign, pileSign, clockSign, dotSign, badge } = window.reseauSigns;
  const PLAIN = { color: "#33415c", weight: 2.5, opacity: 0.9, fillColor: "#6c7fa6", fillOpacity: 0.14 };

  function rows(columns, names) {
    return columns.id.map((_, index) => {
      const item = {};
      for (const name of names) item[name] = columns[name][index];
      return item;
    });
  }

  function lines(className, texts) {
    const box = html("div", className);
    texts.filter(Boolean).forEach((text, rank) => box.append(html(rank ? "span" : "strong", "", text)));
    return box;
  }

  // One tooltip for the whole map, filled when it opens: nothing is kept per marker.
  // `follow`: what is large shows it under the pointer rather than at its middle.
  function hint(state, node, at, content, follow) {
    const open = () => state.tip.setLatLng(at).setContent(content()).openOn(state.map);
    const close = () => state.map.closeTooltip(state.tip);
    const move = (event) => state.tip.setLatLng(state.map.mouseEventToLatLng(event));
    node.addEventListener("mouseenter", open);
    node.addEventListener("mouseleave", close);
    if (follow) node.addEventListener("mousemove", move);
    node.addEventListener("focus", open);
    node.addEventListener("blur", close);
  }

  const draw = {};

  draw.reach = (state, reach) => {
    state.groups.reach.clearLayers();
    if (!reach) return;
    L.geoJSON(reach.geometry, {
      pane: "reseau-portee", interactive: false,
      style: { color: "#0b57d0", weight: 2, dashArray: "2 6", fillColor: "#3b82f6", fillOpacity: 0.13 },
    }).addTo(state.groups.reach);
  };

  function quartierStyle(state, item) {
    const known = item.state && state.words.states[item.state];
    const style = Object.assign({}, PLAIN);
    if (known) { style.fillColor = known.colour; style.fillOpacity = 0.62; }
    if (item.kind === "vecu") { style.color = "#7b2d8b"; style.dashArray = "9 7"; }
    if (state.selection.quartier === item.id) { style.weight = 5.5; style.color = "#0b1f4b"; style.opacity = 1; }
    return style;
  }

  function quartierWords(state, item, typeLabel) {
    const known = item.state && state.words.states[item.state];
    const kind = item.kind === "vecu" ? "quartier vécu" : "quartier prioritaire";
    return [item.name, kind, known && `${typeLabel} : ${known.sign} ${known.label}`];
  }

  draw.quartiers = (state, section) => {
    state.groups.quartiers.clearLayers();
    state.groups.names.clearLayers();
    state.shapes = [];
    state.names = [];
    for (const item of section.items) {
      const shape = L.geoJSON(item.geometry, {
        pane: "reseau-quartiers", bubblingMouseEvents: false, style: () => quartierStyle(state, item),
      });
      shape.addTo(state.groups.quartiers);
      state.shapes.push({ item, shape });
      shape.eachLayer((part) => wireQuartier(state, item, section.label, part));
      drawName(state, item);
    }
  };

  function wireQuartier(state, item, typeLabel, part) {
    const open = () => state.emit({ kind: "quartier", id: item.id, lat: item.at[1], lon: item.at[0] });
    part.on("click", open);
    const node = part.getElement();
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", quartierWords(state, item, typeLabel).filter(Boolean).join(", "));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); }
    });
    hint(state, node, [item.at[1], item.at[0]], () => lines("bulle", quartierWords(state, item, typeLabel)), true);
  }

  function drawName(state, item) {
    const known = item.state && state.words.states[item.state];
    const box = html("div", item.kind === "vecu" ? "nom vecu" : "nom");
    if (known) {
      const sign = html("span", "signe", known.sign);
      sign.style.backgroundColor = known.colour;
      box.append(sign);
    }
    box.append(html("span", "mot", item.name));
    const icon = L.divIcon({ html: box, className: "reseau-nom", iconSize: [0, 0] });
    const bounds = L.geoJSON(item.geometry).getBounds();
    L.marker([item.at[1], item.at[0]], { icon, pane: "reseau-noms", interactive: false, keyboard: false })
      .addTo(state.groups.names);
    state.names.push({ node: box, at: L.latLng(item.at[1], item.at[0]), bounds });
  }

  draw.relations = (state, relations) => {
    state.groups.relations.clearLayers();
    for (const [x1, y1, x2, y2, intensity, dormant, label] of relations) {
      const line = L.polyline([[y1, x1], [y2, x2]], {
        pane: "reseau-liens", color: "#3d4c6b", opacity: dormant ? 0.65 : 0.8,
        weight: 1 + intensity * 1.1, dashArray: dormant ? "4 8" : null, lineCap: dormant ? "butt" : "round",
      });
      line.addTo(state.groups.relations);
      const middle = [(y1 + y2) / 2, (x1 + x2) / 2];
      const words = [label, state.words.intensities[intensity], dormant ? "en sommeil" : ""];
      hint(state, line.getElement(), middle, () => lines("bulle", words), true);
    }
  };

  draw.structures = (state, columns) => {
    const items = rows(columns, ["id", "lon", "lat", "name", "family", "types", "precision"]);
    for (const item of items) {
      item.types = item.types.map((rank) => columns.labels[rank]);
      item.family = state.words.families[item.family];
    }
    state.structures.set(items);
  };

  draw.permanences = (state, columns) => {
    state.permanences.set(rows(columns, ["id", "lon", "lat", "name", "place"]));
  };

  draw.reperes = (state, columns) => {
    state.reperes.set(rows(columns, ["id", "lon", "lat", "name", "kind", "known"]));
    // The licence asks that their origin be said where they are seen. The text is ours, not the data's.
    state.map.attributionControl.removeAttribution(state.words.osm);
    if (columns.id.length) state.map.attributionControl.addAttribution(state.words.osm);
  };

  // What is drawn again already shows the new selection; only the rest needs it.
  function reselect(state, before, redrawn) {
    for (const { item, shape } of state.shapes) shape.setStyle(quartierStyle(state, item));
    for (const { item, shape } of state.shapes) if (item.id === state.selection.quartier) shape.bringToFront();
    const now = state.selection;
    if (!redrawn.has("structures")) {
      if (before.pivot !== now.pivot) state.structures.set(state.structures.points);
      else if (before.structure !== now.structure) state.structures.redraw();
    }
    if (before.permanence !== now.permanence && !redrawn.has("permanences")) state.permanences.redraw();
    if (before.repere !== now.repere && !redrawn.has("reperes")) state.reperes.redraw();
  }

  function structureFace(state, items) {
    if (items.some((item) => item.id === state.selection.pivot)) return [pivotSign(), 38];
    const chosen = items.find((item) => item.id === state.selection.structure) || items[0];
    const same = items.every((item) => item.family === chosen.family);
    const alone = chosen.id === state.selection.structure || same;
    return alone ? [familySign(chosen.family, chosen.precision === "commune"), 27] : [pileSign(), 29];
  }

  function structureIcon(state, items) {
    const [face, size] = structureFace(state, items);
    const element = html("div", "signe-carte");
    element.append(face);
    if (items.some((item) => item.id === state.selection.structure)) element.classList.add("choisi");
    if (items.length > 1) {
      element.classList.add(face.childNodes.length === 1 ? "pile" : "empile");
      element.append(badge(items.length));
    }
    return { element, size: [size, size], anchor: [size / 2, size / 2] };
  }

  function structureWords(state, item) {
    const precision = ["exacte", "adresse"].includes(item.precision) ? "" : state.words.precisions[item.precision];
    const pivot = item.id === state.selection.pivot ? "votre structure" : "";
    return [item.name, item.types.join(" · ") || item.family.label, pivot, precision && `placée ${precision}`];
  }

  function several(items, one, many) {
    if (items.length === 1) return one(items[0]);
    const names = items.slice(0, 4).map((item) => item.name);
    return [`${items.length} ${many}`, ...names, items.length > 4 ? "…" : ""];
  }

  function structurePiles(state) {
    const words = (items) => several(items, (item) => structureWords(state, item), "structures ici");
    return new window.reseauPiles.Piles(state.map, {
      leads: (item) => item.id === state.selection.pivot,
      kind: "structure", pane: "reseau-structures", className: "reseau-structure",
      icon: (items) => structureIcon(state, items),
      label: (items) => words(items).filter(Boolean).join(", "),
      hint: (node, at, items) => hint(state, node, at, () => lines("bulle", words(items))),
      open: (item) => state.emit({ kind: "structure", id: item.id, lat: item.lat, lon: item.lon }),
      row: (item) => [
        item.id === state.selection.pivot ? pivotSign() : familySign(item.family, item.precision === "commune"),
        lines("texte", [item.name, item.types.join(" · ") || item.family.label]),
      ],
    });
  }

  function permanencePiles(state) {
    const one = (item) => [item.name, item.place, "permanence"];
    const words = (items) => several(items, one, "permanences ici");
    return new window.reseauPiles.Piles(state.map, {
      leads: () => false,
      kind: "permanence", pane: "reseau-permanences", className: "reseau-permanence",
      icon: (items) => {
        const element = html("div", "signe-carte");
        element.append(clockSign());
        if (items.some((item) => item.id === state.selection.permanence)) element.classList.add("choisi");
        if (items.length > 1) element.append(badge(items.length));
        // Beside its host, never over it: a permanence is almost always held at a structure.
        return { element, size: [21, 21], anchor: [-3, 23] };
      },
      label: (items) => words(items).filter(Boolean).join(", "),
      hint: (node, at, items) => hint(state, node, at, () => lines("bulle", words(items))),
      open: (item) => state.emit({ kind: "permanence", id: item.id, lat: item.lat, lon: item.lon }),
      row: (item) => [clockSign(), lines("texte", [item.name, item.place])],
    });
  }

  function reperePiles(state) {
    const one = (item) => [item.name, item.kind, item.known ? "déjà dans votre annuaire" : "", "repère OpenStreetMap"];
    const words = (items) => several(items, one, "repères ici");
    return new window.reseauPiles.Piles(state.map, {
      leads: () => false,
      kind: "repere", pane: "reseau-reperes", className: "reseau-repere",
      icon: (items) => {
        const element = html("div", "signe-carte");
        element.append(dotSign(items.every((item) => item.known)));
        if (items.some((item) => item.id === state.selection.repere)) element.classList.add("choisi");
        if (items.length > 1) element.append(badge(items.length));
        return { element, size: [17, 17], anchor: [8.5, 8.5] };
      },
      label: (items) => words(items).filter(Boolean).join(", "),
      hint: (node, at, items) => hint(state, node, at, () => lines("bulle", words(items))),
      open: (item) => state.emit({ kind: "repere", id: item.id, lat: item.lat, lon: item.lon }),
      row: (item) => [dotSign(item.known), lines("texte", [item.name, item.kind])],
    });
  }

  // A group of what comes and goes, made when first drawn.
  function emptied(state, name) {
    state.groups[name] = state.groups[name] || L.layerGroup().addTo(state.map);
    return state.groups[name].clearLayers();
  }

  window.reseauLayers = { draw, emptied, reselect, structurePiles, permanencePiles, reperePiles };
})();
