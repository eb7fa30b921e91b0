// Places that could have been chosen, faint, and the order of a walk between numbered places.
(function () {
  "use strict";
  const { html } = window.reseauSigns;
  const { draw, emptied } = window.reseauLayers;

  draw.possible = (state, items) => {
    const group = emptied(state, "possible");
    for (const [lon, lat, label] of items) {
      const dot = L.circleMarker([lat, lon], {
        pane: "reseau-liens", radius: 4.5, color: "#8a3b12", weight: 1.5, opacity: 0.75, fillColor: "#ffffff", fillOpacity: 0.8,
        bubblingMouseEvents: true,
      });
      dot.addTo(group);
      const node = dot.getElement();
      node.addEventListener("mouseenter", () => {
        state.tip.setLatLng([lat, lon]).setContent(html("div", "bulle", label)).openOn(state.map);
      });
      node.addEventListener("mouseleave", () => state.map.closeTooltip(state.tip));
    }
  };

  draw.walk = (state, points) => {
    const group = emptied(state, "walk");
    if (points.length < 2) return;
    L.polyline(points.map(([lon, lat]) => [lat, lon]), {
      pane: "reseau-liens", interactive: false, color: "#8a3b12", weight: 3.5, opacity: 0.85, dashArray: "1 8", lineCap: "round",
    }).addTo(group);
  };
})();
