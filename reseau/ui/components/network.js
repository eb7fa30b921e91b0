// The network picture. All text that comes with the data is written with textContent, never as markup.
// `etats` keeps one picture per place in the page; `vues` keeps centre and zoom per key, so that coming back
// to the page finds the picture as it was left. Streamlit calls the default function at each change of data.

const SVG = "http://www.w3.org/2000/svg";
const etats = new WeakMap();
const vues = new Map();
// Room for a name right of the structures that stand apart, pixels.
const NOM_BLOC = 124;
const LARGEURS = [0, 0.9, 1.6, 2.5, 3.6, 5];

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const racine = parentElement.querySelector(".reseau-vue");
  if (!racine || !data) return;
  let etat = etats.get(racine);
  if (!etat) {
    etat = creer(racine);
    etats.set(racine, etat);
  }
  etat.choisir = (id) => setTriggerValue("chosen", id);
  if (etat.cle !== data.key) {
    etat.cle = data.key;
    etat.vue = vues.get(data.key) || null;
  }
  recevoir(etat, data);
  return () => etat.observateur.disconnect();
}

function creer(racine) {
  const q = (selecteur) => racine.querySelector(selecteur);
  const etat = {
    racine, svg: q("svg.image"), monde: q(".monde"), bloc: q(".bloc"), liens: q(".liens"), noeuds: q(".noeuds"), noms: q(".noms"),
    fiche: q(".fiche"), legende: q(".legende"), points: new Map(), traits: [], familles: new Set(),
    vue: null, vise: null, choisi: null, actif: null, taille: [0, 0],
  };
  ecouter(etat);
  etat.observateur = new ResizeObserver(() => redimensionner(etat));
  etat.observateur.observe(etat.svg);
  return etat;
}

function element(nom, attributs, parent, texte) {
  const e = document.createElementNS(SVG, nom);
  for (const [cle, valeur] of Object.entries(attributs || {})) e.setAttribute(cle, valeur);
  if (texte !== undefined) e.textContent = texte;
  if (parent) parent.appendChild(e);
  return e;
}

function html(nom, classe, parent, texte) {
  const e = document.createElement(nom);
  if (classe) e.className = classe;
  if (texte !== undefined) e.textContent = texte;
  parent.appendChild(e);
  return e;
}

// ---- data -> elements -------------------------------------------------------------------------------------

function recevoir(etat, data) {
  etat.svg.style.height = `${data.height}px`;
  etat.data = data;
  etat.choisi = data.selected;
  etat.parFamille = new Map(data.families.map((f) => [f.code, f]));
  const fond = getComputedStyle(etat.racine.querySelector(".cadre")).getPropertyValue("--st-background-color");
  etat.racine.classList.toggle("sombre", luminance(fond) < 0.4);
  viser(etat, null);
  dessinerNoeuds(etat);
  dessinerLiens(etat);
  dessinerBloc(etat);
  dessinerLegende(etat);
  etat.taille = [etat.svg.clientWidth, data.height];
  if (!etat.vue && etat.taille[0]) cadrer(etat, false);
  placer(etat);
}

function luminance(couleur) {
  mesure.fillStyle = "#ffffff";
  mesure.fillStyle = couleur.trim() || "#ffffff";
  const hexa = mesure.fillStyle;
  const [r, v, b] = [1, 3, 5].map((i) => parseInt(hexa.slice(i, i + 2), 16) / 255);
  return 0.2126 * r + 0.7152 * v + 0.0722 * b;
}

function dessinerNoeuds(etat) {
  etat.points.clear();
  const [fragment, noms] = [document.createDocumentFragment(), document.createDocumentFragment()];
  // Most tied last: they lie on top, and their names are placed first.
  const ordre = [...etat.data.nodes].sort((a, b) => a.pivot - b.pivot || a.degree - b.degree || b.id - a.id);
  for (const n of ordre) {
    const famille = etat.parFamille.get(n.family) || etat.parFamille.get("autre");
    const rayon = n.pivot ? 17 : 8 + Math.min(Math.sqrt(n.degree), 5) * 1.1;
    const classes = ["noeud", n.pivot && "pivot", !n.connected && "creux"].filter(Boolean).join(" ");
    const g = element("g", { class: classes, "data-id": n.id, role: "button", tabindex: -1 }, fragment);
    g.style.setProperty("--couleur", famille.colour);
    g.setAttribute("aria-label", [n.name, famille.label, n.note].filter(Boolean).join(", "));
    element("circle", { class: "halo", r: rayon + 6 }, g);
    if (n.pivot) element("circle", { class: "cercle", r: rayon + 4 }, g);
    marque(g, famille, rayon, !n.connected);
    const nom = element("text", { class: n.pivot ? "nom pivot" : "nom" }, noms);
    etat.points.set(n.id, { ...n, g, nom, rayon, famille, voisins: new Set(), etiquette: null });
    etat.familles.add(famille.code);
  }
  etat.noeuds.replaceChildren(fragment);
  etat.noms.replaceChildren(noms);
  etat.ordre = ordre.map((n) => etat.points.get(n.id)).reverse();
  marquerChoix(etat);
  const depart = etat.points.get(etat.actif) || etat.points.get(etat.choisi) || etat.ordre[0];
  if (depart) depart.g.setAttribute("tabindex", 0);
}

function marque(parent, famille, rayon, creux) {
  const forme = element("path", { class: "forme", d: chemin(famille.shape, rayon) }, parent);
  forme.style.fill = creux ? "" : famille.colour;
  if (creux) forme.style.stroke = famille.colour;
  const dy = famille.shape === "triangle" ? rayon * 0.2 : 0;
  element("text", { class: "lettre", y: dy, "font-size": rayon * 1.05 }, parent, famille.letter);
}

function chemin(forme, r) {
  const poly = (points) => `M${points.map((p) => p.map((v) => (v * r).toFixed(2)).join(",")).join("L")}Z`;
  if (forme === "carre") return poly([[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]]);
  if (forme === "losange") return poly([[0, -1.22], [1.22, 0], [0, 1.22], [-1.22, 0]]);
  if (forme === "triangle") return poly([[0, -1.2], [1.16, 0.86], [-1.16, 0.86]]);
  if (forme === "croix") {
    const [a, b] = [0.52, 1.08];
    return poly([[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]]);
  }
  return `M${-r},0A${r},${r} 0 1 0 ${r},0A${r},${r} 0 1 0 ${-r},0Z`;
}

function dessinerLiens(etat) {
  const fragment = document.createDocumentFragment();
  etat.traits = etat.data.edges.map((lien) => {
    const [a, b] = [etat.points.get(lien.from), etat.points.get(lien.to)];
    a.voisins.add(b.id);
    b.voisins.add(a.id);
    const trait = element("path", { class: `lien ${lien.stroke}`, d: courbe(a, b) }, fragment);
    return { ...lien, trait };
  });
  etat.liens.replaceChildren(fragment);
}

// Ties of the pivot are straight spokes; others bend a little away from the centre, which they would crowd.
function courbe(a, b) {
  if (a.pivot || b.pivot) return `M${a.x},${a.y}L${b.x},${b.y}`;
  const [mx, my] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
  const [longueur, distance] = [Math.hypot(b.x - a.x, b.y - a.y), Math.hypot(mx, my) || 1];
  const pli = (0.16 * longueur) / distance;
  return `M${a.x},${a.y}Q${mx * (1 + pli)},${my * (1 + pli)} ${b.x},${b.y}`;
}

function dessinerBloc(etat) {
  etat.bloc.replaceChildren();
  const seuls = etat.ordre.filter((p) => p.apart);
  etat.cadreBloc = null;
  if (!seuls.length || seuls.length === etat.ordre.length) return;
  const b = bornes(seuls, 1);
  const cadre = element("rect", { x: b.x0, y: b.y0, width: b.x1 - b.x0, height: b.y1 - b.y0, rx: 0.5 }, etat.bloc);
  const titre = element("text", {}, etat.bloc, `Pas encore reliées (${seuls.length})`);
  etat.cadreBloc = { titre, cadre, b };
}

function bornes(points, marge) {
  const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
  return {
    x0: Math.min(...xs) - marge, x1: Math.max(...xs) + marge,
    y0: Math.min(...ys) - marge, y1: Math.max(...ys) + marge,
  };
}

// ---- view -------------------------------------------------------------------------------------------------

function cadrer(etat, tout) {
  if (!etat.ordre.length) return;
  const coeur = etat.ordre.filter((p) => !p.apart);
  const un = ajuster(etat, coeur.length ? coeur : etat.ordre);
  const deux = ajuster(etat, etat.ordre);
  // The block of structures that stand apart must not shrink the network: «Tout voir» shows it.
  etat.vue = tout || deux.k > 0.8 * un.k ? deux : un;
}

// Names stick out on both sides, further on the right of the block.
function ajuster(etat, points) {
  const [l, h] = etat.taille;
  const b = bornes(points, 1.4);
  const [gauche, droite] = [90, points.some((p) => p.apart) ? NOM_BLOC + 8 : 90];
  const k = Math.min(Math.max(l - gauche - droite, 120) / (b.x1 - b.x0), (h - 56) / (b.y1 - b.y0), 90);
  return { k, x: (l + gauche - droite - k * (b.x0 + b.x1)) / 2, y: (h - k * (b.y0 + b.y1)) / 2 };
}

function centrer(etat) {
  const { k } = etat.vue;
  etat.vue = { k, x: etat.taille[0] / 2, y: etat.taille[1] / 2 };
}

function zoomer(etat, facteur, cx, cy) {
  const v = etat.vue;
  const k = Math.min(Math.max(v.k * facteur, 1), 160);
  const f = k / v.k;
  etat.vue = { k, x: cx - (cx - v.x) * f, y: cy - (cy - v.y) * f };
  placer(etat);
}

function deplacer(etat) {
  const { x, y, k } = etat.vue;
  etat.monde.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
  vues.set(etat.cle, etat.vue);
}

function placer(etat) {
  if (!etat.vue) return;
  deplacer(etat);
  const { k } = etat.vue;
  // Marks grow with zoom, but less than distances do: between a third and one and a third of their size.
  etat.echelle = Math.min(Math.max(k / 22, 0.32), 1.3);
  etat.racine.classList.toggle("petit", etat.echelle < 0.55);
  for (const p of etat.points.values()) {
    const echelle = p.pivot ? Math.max(etat.echelle, 0.8) : etat.echelle;
    p.g.setAttribute("transform", `translate(${p.x} ${p.y}) scale(${(echelle / k).toFixed(6)})`);
  }
  // Many ties on a small picture: thinner and lighter, or nothing else would be seen.
  const largeur = Math.min(Math.max(k / 26, 0.3), 1.15);
  for (const t of etat.traits) {
    const finesse = t.stroke === "projet" ? 0.6 : 1;
    t.trait.style.strokeWidth = `${(LARGEURS[t.intensity] * largeur * finesse + 0.3).toFixed(2)}px`;
  }
  const densite = etat.traits.length / (k * k);
  // A colour rather than an opacity, which is several times slower to draw over so many lines.
  const encre = Math.min(Math.max(24 / Math.sqrt(densite), 15), 40).toFixed(0);
  etat.liens.style.setProperty("--trait", `color-mix(in srgb, var(--encre) ${encre}%, var(--fond))`);
  if (etat.cadreBloc) {
    const { titre, cadre, b } = etat.cadreBloc;
    cadre.setAttribute("width", b.x1 - b.x0 + (etat.echelle > 0.55 ? NOM_BLOC / k : 0));
    titre.setAttribute("transform", `translate(${b.x0} ${b.y0}) scale(${1 / k}) translate(4 -7)`);
  }
  etiqueter(etat);
}

function redimensionner(etat) {
  const l = etat.svg.clientWidth;
  if (!l || !etat.data || l === etat.taille[0]) return;
  const avant = etat.taille[0];
  etat.taille = [l, etat.data.height];
  if (!etat.vue) cadrer(etat, false);
  else if (avant) etat.vue = { ...etat.vue, x: etat.vue.x + (l - avant) / 2 };
  placer(etat);
}

// ---- pointing, choosing, moving ---------------------------------------------------------------------------

function viser(etat, id) {
  for (const e of etat.racine.querySelectorAll(".proche, .vise")) e.classList.remove("proche", "vise");
  const p = id === null ? undefined : etat.points.get(id);
  etat.vise = p ? id : null;
  etat.svg.classList.toggle("survol", Boolean(p));
  etat.fiche.hidden = !p;
  if (!p) return;
  const proches = [p, ...[...p.voisins].map((autre) => etat.points.get(autre))];
  for (const e of proches.flatMap((proche) => [proche.g, proche.nom])) e.classList.add("proche");
  p.nom.classList.add("vise");
  for (const t of etat.traits) if (t.from === id || t.to === id) t.trait.classList.add("proche");
  remplirFiche(etat, p);
}

function remplirFiche(etat, p) {
  etat.fiche.replaceChildren();
  html("strong", "", etat.fiche, p.name);
  html("span", "", etat.fiche, [p.famille.label, p.note].filter(Boolean).join(" · "));
  const siens = etat.traits.filter((t) => t.from === p.id || t.to === p.id);
  const direct = siens.find((t) => etat.points.get(t.from === p.id ? t.to : t.from).pivot);
  if (direct) html("span", "", etat.fiche, `Avec la structure pivot : ${direct.label}`);
}

function marquerChoix(etat) {
  for (const p of etat.points.values()) {
    for (const e of [p.g, p.nom]) e.classList.toggle("choisi", p.id === etat.choisi);
  }
}

function choisir(etat, id) {
  etat.choisi = id;
  marquerChoix(etat);
  etiqueter(etat);
  etat.choisir(id);
}

const idSous = (cible) => {
  const g = cible.closest?.(".noeud");
  return g ? Number(g.dataset.id) : null;
};

function montrerVise(etat, id) {
  if (id === etat.vise) return;
  viser(etat, id);
  if (etat.vue) etiqueter(etat);
}

function ecouter(etat) {
  const { svg } = etat;
  let prise = null;
  svg.addEventListener("pointerdown", (e) => {
    if (e.button) return;
    prise = { x: e.clientX, y: e.clientY, vue: etat.vue, id: idSous(e.target), bouge: false };
  });
  svg.addEventListener("pointermove", (e) => {
    if (!prise) return montrerVise(etat, idSous(e.target));
    const [dx, dy] = [e.clientX - prise.x, e.clientY - prise.y];
    if (!prise.bouge && Math.hypot(dx, dy) < 5) return;
    // Captured only once it is a drag: a captured pointer would take the click away from the structure.
    if (!prise.bouge) svg.setPointerCapture(e.pointerId);
    prise.bouge = true;
    svg.classList.add("tire");
    etat.vue = { ...prise.vue, x: prise.vue.x + dx, y: prise.vue.y + dy };
    deplacer(etat);
  });
  const lacher = (e) => {
    const { id, bouge } = prise || {};
    prise = null;
    svg.classList.remove("tire");
    if (e.type === "pointerup" && !bouge && id !== null && id !== undefined) choisir(etat, id);
  };
  svg.addEventListener("pointerup", lacher);
  svg.addEventListener("pointercancel", lacher);
  svg.addEventListener("pointerleave", () => !prise && montrerVise(etat, null));
  svg.addEventListener("wheel", (e) => molette(etat, e), { passive: false });
  svg.addEventListener("keydown", (e) => clavier(etat, e));
  svg.addEventListener("focusin", (e) => {
    const id = idSous(e.target);
    if (id !== null && e.target.matches(":focus-visible")) montrerVise(etat, id);
  });
  svg.addEventListener("focusout", () => montrerVise(etat, null));
  etat.racine.querySelector(".outils").addEventListener("click", (e) => agir(etat, e.target.dataset.action));
}

// The wheel scrolls the page until the person shows that the picture is what they mean.
function molette(etat, e) {
  const dedans = etat.svg.matches(":focus-within");
  if (!etat.vue || !(e.ctrlKey || e.metaKey || dedans)) return;
  e.preventDefault();
  const cadre = etat.svg.getBoundingClientRect();
  const pas = Math.sign(e.deltaY) * Math.min(Math.abs(e.deltaY) * (e.deltaMode ? 24 : 1), 120);
  // Several turns of the wheel between two drawings make one zoom.
  const attente = etat.roue;
  etat.roue = { pas: (attente?.pas || 0) + pas, x: e.clientX - cadre.left, y: e.clientY - cadre.top };
  if (attente) return;
  requestAnimationFrame(() => {
    const { pas: total, x, y } = etat.roue;
    etat.roue = null;
    zoomer(etat, Math.exp(-total / 400), x, y);
  });
}

function agir(etat, action) {
  if (!etat.vue) return;
  const [cx, cy] = etat.taille.map((t) => t / 2);
  if (action === "plus") zoomer(etat, 1.35, cx, cy);
  if (action === "moins") zoomer(etat, 1 / 1.35, cx, cy);
  if (action === "tout") cadrer(etat, true);
  if (action === "centre") centrer(etat);
  if (action === "tout" || action === "centre") placer(etat);
}

const FLECHES = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function clavier(etat, e) {
  const action = { "+": "plus", "-": "moins", 0: "tout" }[e.key];
  const id = idSous(e.target);
  if (action) agir(etat, action);
  else if (FLECHES[e.key]) aller(etat, etat.points.get(id), FLECHES[e.key]);
  else if (e.key === "Escape") etat.svg.focus();
  else if ((e.key === "Enter" || e.key === " ") && id !== null) choisir(etat, id);
  else return;
  e.preventDefault();
}

// The nearest structure in the direction of the arrow; from the frame itself, the one that has the tab stop.
function aller(etat, p, [ax, ay]) {
  let but = p ? null : etat.points.get(etat.actif) || etat.ordre[0];
  let mieux = Infinity;
  for (const autre of p ? etat.ordre : []) {
    const [dx, dy] = [autre.x - p.x, autre.y - p.y];
    const avance = dx * ax + dy * ay;
    const ecart = Math.abs(dx * ay) + Math.abs(dy * ax);
    if (avance > 0.01 && avance + 2 * ecart < mieux) [but, mieux] = [autre, avance + 2 * ecart];
  }
  if (!but) return;
  for (const autre of etat.ordre) autre.g.setAttribute("tabindex", autre === but ? 0 : -1);
  etat.actif = but.id;
  but.g.focus({ preventScroll: true });
  const [x, y] = [etat.vue.x + but.x * etat.vue.k, etat.vue.y + but.y * etat.vue.k];
  const [l, h] = etat.taille;
  if (x < 20 || y < 20 || x > l - 20 || y > h - 20) {
    etat.vue = { ...etat.vue, x: etat.vue.x + l / 2 - x, y: etat.vue.y + h / 2 - y };
    placer(etat);
  }
}
