// Points closer on screen than a finger are one pile; whatever is under it stays reachable by a list.
(function () {
  "use strict";
  const LIST_LIMIT = 12;

  // Greedy, in the order given, on a hash grid: stable while the map is dragged, one pass per zoom level.
  function gather(points, radius, project) {
    const cells = new Map();
    const piles = [];
    points.forEach((point, index) => {
      const at = project(point);
      const cx = Math.floor(at.x / radius);
      const cy = Math.floor(at.y / radius);
      let home = null;
      for (let dx = -1; dx <= 1 && !home; dx += 1) {
        for (let dy = -1; dy <= 1 && !home; dy += 1) {
          for (const pile of cells.get(`${cx + dx}:${cy + dy}`) || []) {
            if (Math.hypot(pile.x - at.x, pile.y - at.y) < radius) { home = pile; break; }
          }
        }
      }
      if (home) { home.members.push(index); return; }
      const pile = { x: at.x, y: at.y, lat: point.lat, lon: point.lon, members: [index] };
      piles.push(pile);
      const key = `${cx}:${cy}`;
      if (cells.has(key)) cells.get(key).push(pile); else cells.set(key, [pile]);
    });
    return piles;
  }

  const radiusFor = (count) => (count <= 400 ? 16 : count <= 2000 ? 26 : 44);

  // options: pane, className, icon(items) -> {element, size, anchor}, label(items), open(item), row(item)
  class Piles {
    constructor(map, options) {
      this.map = map;
      this.options = options;
      this.points = [];
      this.byZoom = new Map();
      this.shown = new Map();
      map.on("moveend zoomend resize", () => this.refresh());
    }

    set(points) {
      // What leads its pile gives it its place: it must not wander from zoom to zoom.
      const leads = (point) => Number(this.options.leads(point));
      this.points = [...points].sort((a, b) => leads(b) - leads(a));
      this.byZoom.clear();
      this.redraw();
    }

    redraw() {
      const focused = document.activeElement && document.activeElement.dataset.reseau;
      for (const marker of this.shown.values()) marker.remove();
      this.shown.clear();
      this.zoom = null;
      this.refresh();
      if (focused) {
        const again = document.querySelector(`[data-reseau="${CSS.escape(focused)}"]`);
        if (again) again.focus({ preventScroll: true });
      }
    }

    piles() {
      const zoom = this.map.getZoom();
      if (!this.byZoom.has(zoom)) {
        const project = (point) => this.map.project([point.lat, point.lon], zoom);
        this.byZoom.set(zoom, gather(this.points, radiusFor(this.points.length), project));
      }
      return this.byZoom.get(zoom);
    }

    // Where markers stand now: what is outside the view does not count.
    places() {
      return this.piles().filter((_, rank) => this.shown.has(rank));
    }

    refresh() {
      const zoom = this.map.getZoom();
      if (zoom === undefined || !this.map.getSize().x) return;
      if (this.zoom !== zoom) {
        for (const marker of this.shown.values()) marker.remove();
        this.shown.clear();
        this.zoom = zoom;
      }
      const view = this.map.getBounds().pad(0.2);
      this.piles().forEach((pile, rank) => {
        const inside = view.contains([pile.lat, pile.lon]);
        const marker = this.shown.get(rank);
        if (inside && !marker) this.shown.set(rank, this.draw(pile));
        if (!inside && marker) { marker.remove(); this.shown.delete(rank); }
      });
    }

    draw(pile) {
      const items = pile.members.map((index) => this.points[index]);
      const { element, size, anchor } = this.options.icon(items);
      const icon = L.divIcon({ html: element, className: this.options.className, iconSize: size, iconAnchor: anchor });
      const marker = L.marker([pile.lat, pile.lon], {
        icon, pane: this.options.pane, keyboard: true, autoPanOnFocus: false, riseOnHover: true,
        bubblingMouseEvents: false,
      });
      const activate = () => this.activate(pile, items);
      marker.on("click", activate);
      marker.on("keypress", (event) => {
        const key = event.originalEvent.key;
        if (key === "Enter" || key === " ") { L.DomEvent.stop(event.originalEvent); activate(); }
      });
      marker.addTo(this.map);
      const node = marker.getElement();
      node.setAttribute("aria-label", this.options.label(items));
      node.dataset.reseau = `${this.options.kind}-${items[0].id}`;
      // A click focuses too, and must not move the view; the Tab key may.
      node.addEventListener("focus", () => {
        if (node.matches(":focus-visible")) this.map.panInside([pile.lat, pile.lon], { padding: [40, 40] });
      });
      this.options.hint(node, [pile.lat, pile.lon], items);
      return marker;
    }

    activate(pile, items) {
      if (items.length === 1) { this.options.open(items[0]); return; }
      const bounds = L.latLngBounds(items.map((item) => [item.lat, item.lon]));
      const target = Math.min(this.map.getBoundsZoom(bounds, false, L.point(60, 60)), this.map.getMaxZoom());
      if (items.length > LIST_LIMIT && target > this.map.getZoom()) this.map.setView(bounds.getCenter(), target);
      else this.list(pile, items);
    }

    list(pile, items) {
      const box = reseauSigns.html("div", "liste");
      box.append(reseauSigns.html("p", "liste-titre", `${items.length} ici`));
      for (const item of items) {
        const button = reseauSigns.html("button", "liste-ligne");
        button.type = "button";
        button.append(...this.options.row(item));
        button.addEventListener("click", () => setTimeout(() => { this.map.closePopup(); this.options.open(item); }, 0));
        box.append(button);
      }
      const legend = document.querySelector(".reseau-legende[open]");
      const left = legend ? legend.offsetWidth + 20 : 10;
      L.popup({
        maxHeight: 260, minWidth: 220, maxWidth: 320, className: "reseau-liste", offset: [0, -6],
        autoPanPaddingTopLeft: [left, 10], autoPanPaddingBottomRight: [10, 10],
      })
        .setLatLng([pile.lat, pile.lon]).setContent(box).openOn(this.map);
      const cross = document.querySelector(".leaflet-popup-close-button");
      if (cross) { cross.setAttribute("aria-label", "Fermer"); cross.title = "Fermer"; }
      box.querySelector("button").focus({ preventScroll: true });
    }
  }

  window.reseauPiles = { Piles, gather, radiusFor };
})();
