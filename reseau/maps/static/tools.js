// Two small tools: draw a quartier vécu, place a structure. Both answer by an event.
(function () {
  "use strict";
  const { html } = window.reseauSigns;
  const CLOSE_PIXELS = 8;

  function button(box, text, action) {
    const node = html("button", "outil", text);
    node.type = "button";
    // Later: a button that removes itself during its click would let the click through to the map.
    node.addEventListener("click", () => setTimeout(action, 0));
    box.append(node);
    return node;
  }

  function panel(state) {
    const control = L.control({ position: "topright" });
    const box = html("div", "reseau-outils");
    control.onAdd = () => { L.DomEvent.disableClickPropagation(box); return box; };
    control.addTo(state.map);
    return { control, box };
  }

  class DrawTool {
    constructor(state) {
      this.state = state;
      this.points = [];
      this.trace = L.layerGroup().addTo(state.map);
      ({ control: this.control, box: this.box } = panel(state));
      this.onClick = (event) => this.add(event.latlng);
      this.onDouble = () => this.finish();
      this.onKey = (event) => { if (event.key === "Escape") this.cancel(); };
      this.menu();
    }

    menu() {
      this.box.replaceChildren();
      button(this.box, "Dessiner un quartier vécu", () => this.start());
    }

    start() {
      this.points = [];
      this.active = true;
      const { map } = this.state;
      map.getContainer().classList.add("trace-en-cours");
      map.doubleClickZoom.disable();
      map.on("click", this.onClick).on("dblclick", this.onDouble);
      document.addEventListener("keydown", this.onKey);
      this.box.replaceChildren();
      this.help = html("p", "aide", "");
      this.help.setAttribute("role", "status");
      this.box.append(this.help);
      this.end = button(this.box, "Terminer", () => this.finish());
      this.undo = button(this.box, "Retirer le dernier point", () => { this.points.pop(); this.paint(); });
      button(this.box, "Annuler", () => this.cancel());
      this.paint();
    }

    add(at) {
      const { map } = this.state;
      const last = this.points[this.points.length - 1];
      const near = last && map.latLngToContainerPoint(last).distanceTo(map.latLngToContainerPoint(at)) < CLOSE_PIXELS;
      if (!near) this.points.push(at);
      this.paint();
    }

    paint() {
      this.trace.clearLayers();
      const style = { color: "#7b2d8b", weight: 3, interactive: false, fillOpacity: 0.15 };
      const make = this.points.length > 2 ? L.polygon : L.polyline;
      make(this.points, style).addTo(this.trace);
      for (const at of this.points) {
        L.circleMarker(at, { radius: 5, color: "#7b2d8b", fillColor: "#ffffff", fillOpacity: 1, interactive: false })
          .addTo(this.trace);
      }
      if (!this.active) return;
      const count = this.points.length;
      this.end.disabled = count < 3;
      this.undo.disabled = count === 0;
      this.help.textContent = count < 3
        ? "Cliquez sur la carte, point après point, pour suivre le contour (3 points au moins)."
        : `${count} points. Double-cliquez ou choisissez « Terminer ».`;
    }

    stop() {
      const { map } = this.state;
      this.active = false;
      map.off("click", this.onClick).off("dblclick", this.onDouble);
      map.doubleClickZoom.enable();
      document.removeEventListener("keydown", this.onKey);
      map.getContainer().classList.remove("trace-en-cours");
      this.menu();
    }

    cancel() { this.points = []; this.paint(); this.stop(); }

    finish() {
      if (this.points.length < 3) return;
      this.stop();
      this.paint();
      const ring = this.points.map((at) => [at.lng, at.lat]);
      this.state.emit({ kind: "drawing", ring: ring.concat([ring[0]]) });
    }

    remove() { this.stop(); this.trace.remove(); this.control.remove(); }
  }

  class PlaceTool {
    constructor(state) {
      this.state = state;
      this.mark = L.layerGroup().addTo(state.map);
      ({ control: this.control, box: this.box } = panel(state));
      this.box.append(html("p", "aide", "Cliquez sur la carte à l'endroit voulu."));
      this.onClick = (event) => {
        this.mark.clearLayers();
        L.circleMarker(event.latlng, { radius: 9, color: "#b0203a", weight: 4, fillOpacity: 0, interactive: false })
          .addTo(this.mark);
        state.emit({ kind: "background", lat: event.latlng.lat, lon: event.latlng.lng });
      };
      state.map.getContainer().classList.add("trace-en-cours");
      state.map.on("click", this.onClick);
    }

    remove() {
      this.state.map.off("click", this.onClick);
      this.state.map.getContainer().classList.remove("trace-en-cours");
      this.mark.remove();
      this.control.remove();
    }
  }

  function setTool(state, name) {
    if (state.toolName === name) return;
    if (state.tool) state.tool.remove();
    state.toolName = name;
    state.tool = name === "dessiner" ? new DrawTool(state) : name === "placer" ? new PlaceTool(state) : null;
  }

  window.reseauTools = { setTool };
})();
