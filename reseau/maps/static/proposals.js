// Places proposed for one structure, numbered as in the list beside the map, and the limit of its commune.
(function () {
  "use strict";
  const { html } = window.reseauSigns;
  const { draw, emptied } = window.reseauLayers;

  function numberSign(rank, chosen) {
    return html("span", chosen ? "proposition choisie" : "proposition", rank);
  }

  draw.outline = (state, geometry) => {
    const group = emptied(state, "outline");
    if (!geometry) return;
    L.geoJSON(geometry, {
      pane: "reseau-portee", interactive: false,
      style: { color: "#8a3b12", weight: 2.5, dashArray: "10 5", fill: false },
    }).addTo(group);
  };

  draw.proposals = (state, items) => {
    const group = emptied(state, "proposals");
    for (const [lon, lat, rank, label, note, chosen] of items) {
      const icon = L.divIcon({
        html: numberSign(rank, chosen), className: "reseau-proposition", iconSize: [30, 30], iconAnchor: [15, 15],
      });
      const marker = L.marker([lat, lon], { icon, pane: "reseau-permanences", keyboard: true, bubblingMouseEvents: false });
      const open = () => state.emit({ kind: "proposal", id: rank, lat, lon });
      marker.on("click", open);
      marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") open(); });
      marker.addTo(group);
      const node = marker.getElement();
      node.setAttribute("aria-label", `${state.proposalsLabel} ${rank} : ${label}`);
      node.dataset.reseau = `proposal-${rank}`;
      const say = () => {
        const box = html("div", "bulle");
        box.append(html("strong", "", label));
        if (note) box.append(html("span", "", note));
        state.tip.setLatLng([lat, lon]).setContent(box).openOn(state.map);
      };
      node.addEventListener("mouseenter", say);
      node.addEventListener("focus", say);
      node.addEventListener("mouseleave", () => state.map.closeTooltip(state.tip));
      node.addEventListener("blur", () => state.map.closeTooltip(state.tip));
    }
  };

  window.reseauProposals = { numberSign };
})();
