// Entry points called by the two constant templates: the frame once, then the data at each change.
(function () {
  "use strict";
  const { html, familySign, pivotSign, clockSign, dotSign } = window.reseauSigns;
  const { draw, reselect, structurePiles, permanencePiles, reperePiles } = window.reseauLayers;
  const ORDER = ["reach", "outline", "quartiers", "relations", "structures", "permanences", "reperes", "possible", "walk", "proposals"];
  const TILE_ERRORS = 4;
  const ROOM_FOR_LEGEND = 1100;
  const states = new WeakMap();

  function decode(text) {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8").decode(bytes));
  }

  function emitter(map) {
    const visit = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    let count = 0;
    return (event) => {
      count += 1;
      const answer = Object.assign({ n: `${visit}-${count}` }, event);
      // streamlit-folium listens to this event and hands what it carries to Python, unchanged.
      setTimeout(() => map.fire("draw:created", { layerType: "reseau", layer: { toGeoJSON: () => answer } }), 0);
    };
  }

  function watchTiles(map) {
    map.eachLayer((layer) => {
      if (!(layer instanceof L.TileLayer)) return;
      let errors = 0;
      let loaded = false;
      layer.on("tileload", () => { loaded = true; });
      layer.on("tileerror", () => {
        errors += 1;
        if (loaded || errors < TILE_ERRORS || !map.hasLayer(layer)) return;
        map.removeLayer(layer);
        const notice = L.control({ position: "bottomright" });
        notice.onAdd = () => {
          const box = html("div", "reseau-avis", "Fond de carte indisponible");
          box.setAttribute("role", "status");
          return box;
        };
        notice.addTo(map);
      });
    });
  }

  // The frame may be born hidden or narrow (a tab, an expander): the first view follows the size until
  // the map is moved, by hand or from outside; from then on only its centre is kept.
  function watchSize(map, bounds, legend) {
    const box = L.latLngBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]]);
    let ours = false;
    let settled = false;
    map.on("movestart", () => { settled = settled || !ours; });
    const fit = () => {
      map.invalidateSize({ animate: false });
      const size = map.getSize();
      if (settled || !size.x || !size.y) return;
      legend.open = size.x >= ROOM_FOR_LEGEND;
      ours = true;
      map.fitBounds(box, { paddingTopLeft: [legend.open ? 240 : 24, 24], paddingBottomRight: [24, 24], animate: false });
      ours = false;
    };
    fit();
    new ResizeObserver(fit).observe(map.getContainer());
  }

  // Leaflet focuses the map at the first press: the page around would scroll under the pointer, and the
  // click would land elsewhere.
  function focusInPlace(map) {
    const node = map.getContainer();
    node.focus = () => HTMLElement.prototype.focus.call(node, { preventScroll: true });
  }

  function legendRow(sign, text) {
    const row = html("li");
    const cell = html("span", "legende-signe");
    if (typeof sign === "string") cell.classList.add(sign); else cell.append(sign);
    row.append(cell, html("span", "", text));
    return row;
  }

  function stateSign(known) {
    const sign = html("span", "signe", known.sign);
    sign.style.backgroundColor = known.colour;
    return sign;
  }

  function legendRows(state, data) {
    const list = [];
    const present = new Set(data.structures.family);
    if (data.structures.id.includes(data.selection.pivot)) list.push(legendRow(pivotSign(), "Votre structure (pivot)"));
    if (data.permanences.id.length) list.push(legendRow(clockSign(), "Permanence"));
    if (data.reperes.id.length) list.push(legendRow(dotSign(false), "Repère OpenStreetMap"));
    if (data.reperes.known.includes(1)) list.push(legendRow(dotSign(true), "Repère déjà dans l'annuaire"));
    const kinds = new Set(data.quartiers.items.map((item) => item.kind));
    if (kinds.has("qpv")) list.push(legendRow("trait-qpv", "Quartier prioritaire"));
    if (kinds.has("vecu")) list.push(legendRow("trait-vecu", "Quartier vécu"));
    const found = new Set(data.quartiers.items.map((item) => item.state));
    for (const key in state.words.states) {
      if (found.has(key)) list.push(legendRow(stateSign(state.words.states[key]), state.words.states[key].label));
    }
    if (data.proposals.length) list.push(legendRow(window.reseauProposals.numberSign(1, true), data.proposals_label));
    if (data.possible.length) list.push(legendRow("rond-possible", "Autre lieu possible"));
    if (data.walk.length > 1) list.push(legendRow("trait-marche", "Ordre de la marche (à vol d'oiseau)"));
    if (data.outline) list.push(legendRow("trait-commune", "Limite de la commune"));
    if (data.reach) list.push(legendRow("trait-portee", data.reach.label));
    if (data.relations.length) list.push(legendRow("trait-lien", "Relation (épaisseur : intensité)"));
    if (data.relations.some((line) => line[5])) list.push(legendRow("trait-sommeil", "Relation en sommeil"));
    state.words.families.forEach((family, rank) => {
      if (present.has(rank)) list.push(legendRow(familySign(family), family.label));
    });
    return list;
  }

  function makeLegend(map) {
    const control = L.control({ position: "bottomleft" });
    const box = html("details", "reseau-legende");
    const list = html("ul");
    box.append(html("summary", "", "Légende"), list);
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    control.addTo(map);
    return { box, list };
  }

  function frame(map, payload) {
    const settings = decode(payload);
    document.documentElement.lang = "fr";
    document.title = "Carte";
    map.attributionControl.setPrefix("Leaflet");
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const state = {
      map, words: settings.words, emit: emitter(map), shown: {}, shapes: [], names: [], groups: {}, selection: {},
      tip: L.tooltip({ direction: "top", offset: [0, -14], opacity: 1, className: "reseau-bulle" }),
      toolName: "", tool: null,
    };
    for (const name of ["reach", "quartiers", "names", "relations"]) state.groups[name] = L.layerGroup().addTo(map);
    focusInPlace(map);
    watchTiles(map);
    state.structures = structurePiles(state);
    state.permanences = permanencePiles(state);
    state.reperes = reperePiles(state);
    const legend = makeLegend(map);
    state.legend = legend.list;
    watchSize(map, settings.bounds, legend.box);
    const tidy = () => window.reseauNames.tidy(state);
    map.on("zoomend", tidy);
    // Names are measured: once more when the style that sizes them has come.
    for (const link of document.querySelectorAll("link[rel=stylesheet]")) link.addEventListener("load", tidy);
    map.on("click", (event) => {
      const chosen = state.selection;
      const some = [chosen.structure, chosen.quartier, chosen.permanence, chosen.repere].some((id) => id !== null && id !== undefined);
      if (!state.toolName && some) state.emit({ kind: "background", lat: event.latlng.lat, lon: event.latlng.lng });
    });
    states.set(map, state);
  }

  function show(map, payload) {
    const state = states.get(map);
    const data = decode(payload);
    const before = state.selection;
    state.selection = data.selection;
    state.map.closeTooltip(state.tip);
    state.proposalsLabel = data.proposals_label;
    const redrawn = new Set();
    for (const name of ORDER) {
      const text = JSON.stringify(data[name]);
      if (state.shown[name] === text) continue;
      state.shown[name] = text;
      redrawn.add(name);
      draw[name](state, data[name]);
    }
    reselect(state, before, redrawn);
    if (redrawn.has("quartiers")) window.reseauNames.tidy(state);
    state.legend.replaceChildren(...legendRows(state, data));
    window.reseauTools.setTool(state, data.tool || "");
  }

  window.reseauMap = { frame, show };
})();
