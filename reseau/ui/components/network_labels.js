// Second half of network.js, to which it is joined when loaded: where names go, and the legend.

const LIGNE = 14;
const mesure = document.createElement("canvas").getContext("2d");

// In order of importance, each name takes the first of four places where it covers neither a mark nor
// another name; the pivot, the chosen structure and the one pointed at always have theirs.
function etiqueter(etat) {
  const { k } = etat.vue;
  const prises = new Grille();
  for (const p of etat.ordre) {
    const r = taille(etat, p);
    prises.ajouter({ x0: p.x * k - r, x1: p.x * k + r, y0: p.y * k - r, y1: p.y * k + r });
  }
  if (etat.cadreBloc) {
    const { b } = etat.cadreBloc;
    prises.ajouter({ x0: b.x0 * k, x1: b.x0 * k + 180, y0: b.y0 * k - 24, y1: b.y0 * k - 2 });
    prises.reserver = { x0: b.x0 * k, x1: b.x1 * k + NOM_BLOC, y0: b.y0 * k, y1: b.y1 * k };
  }
  const voisins = etat.vise ? etat.points.get(etat.vise)?.voisins : null;
  const rang = (p) => (p.pivot ? 0 : p.id === etat.choisi || p.id === etat.vise ? 1 : voisins?.has(p.id) ? 2 : 3);
  for (const p of [...etat.ordre].sort((a, b) => rang(a) - rang(b))) {
    const force = rang(p) < 2;
    const voulu = force || rang(p) === 2 || (!voisins && (etat.echelle > 0.55 || p.degree >= 8));
    const place = voulu ? trouver(etat, p, prises, force) : null;
    montrer(etat, p, place);
    if (place) prises.ajouter(place.boite);
  }
}

const taille = (etat, p) => p.rayon * (p.pivot ? Math.max(etat.echelle, 0.8) + 0.25 : etat.echelle) + 1;

function trouver(etat, p, prises, force) {
  const lignes = (p.lignes ||= couper(p.name, p.pivot ? 30 : 22));
  const { k } = etat.vue;
  const [r, h] = [taille(etat, p) + 2, lignes.length * LIGNE];
  const large = Math.max(...lignes.map((t) => largeurTexte(t, p.pivot)));
  const [x, y] = [p.x * k, p.y * k];
  const places = [
    { ancre: "middle", dx: 0, x0: x - large / 2, y0: y + r },
    { ancre: "middle", dx: 0, x0: x - large / 2, y0: y - r - h },
    { ancre: "start", dx: r + 2, x0: x + r + 2, y0: y - h / 2 },
    { ancre: "end", dx: -r - 2, x0: x - r - 2 - large, y0: y - h / 2 },
  ].map((place) => ({ ...place, dy: place.y0 - y, boite: { x0: place.x0, x1: place.x0 + large, y0: place.y0 + 1, y1: place.y0 + h - 1 } }));
  // In the block on the right, names in a column read better beside their marks.
  if (p.apart) places.unshift(places[2]);
  const libre = ({ boite }) => prises.libre(boite) && (p.apart || !touche(boite, prises.reserver));
  return places.find(libre) || (force ? places[0] : null);
}

function montrer(etat, p, place) {
  p.nom.classList.toggle("vu", Boolean(place));
  if (!place) return;
  p.nom.setAttribute("transform", `translate(${p.x} ${p.y}) scale(${(1 / etat.vue.k).toFixed(6)})`);
  p.nom.setAttribute("text-anchor", place.ancre);
  if (p.nom.childElementCount !== p.lignes.length) {
    p.nom.replaceChildren(...p.lignes.map((ligne) => element("tspan", {}, null, ligne)));
  }
  [...p.nom.children].forEach((t, i) => {
    t.setAttribute("x", place.dx);
    t.setAttribute("y", place.dy + 11 + i * LIGNE);
  });
}

// Two lines at most, cut at spaces; the whole name is in the card shown when pointing at the structure.
function couper(nom, max) {
  const lignes = [""];
  for (const mot of nom.trim().split(/\s+/)) {
    const essai = lignes.at(-1) ? `${lignes.at(-1)} ${mot}` : mot;
    if (essai.length <= max || !lignes.at(-1)) lignes[lignes.length - 1] = essai;
    else lignes.push(mot);
  }
  const deux = lignes.slice(0, 2).map((t) => (t.length > max ? `${t.slice(0, max - 1)}…` : t));
  if (lignes.length > 2) deux[1] = `${deux[1].slice(0, max - 1).replace(/…$/, "")}…`;
  return deux;
}

function largeurTexte(texte, gras) {
  mesure.font = gras ? "700 14px sans-serif" : "12px sans-serif";
  return mesure.measureText(texte).width * 1.04 + 4;
}

const touche = (a, b) => Boolean(b) && a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

class Grille {
  constructor() {
    this.cases = new Map();
  }
  *cles({ x0, x1, y0, y1 }) {
    for (let i = Math.floor(x0 / 60); i <= Math.floor(x1 / 60); i++)
      for (let j = Math.floor(y0 / 60); j <= Math.floor(y1 / 60); j++) yield `${i},${j}`;
  }
  ajouter(boite) {
    for (const cle of this.cles(boite)) {
      if (!this.cases.has(cle)) this.cases.set(cle, []);
      this.cases.get(cle).push(boite);
    }
  }
  libre(b) {
    for (const cle of this.cles(b))
      for (const a of this.cases.get(cle) || []) if (touche(a, b)) return false;
    return true;
  }
}

// ---- legend -----------------------------------------------------------------------------------------------

// Families seen once stay in the legend, so that it does not change height while filtering.
function dessinerLegende(etat) {
  const { legende, data } = etat;
  legende.replaceChildren();
  html("span", "titre", legende, "Familles");
  for (const f of data.families.filter((f) => etat.familles.has(f.code))) {
    cle(legende, f.label, (svg) => marque(groupe(svg, f), f, 8, false));
  }
  cle(legende, "marque creuse : pas reliée à la structure pivot", (svg) => {
    marque(groupe(svg, { colour: "#555555" }, "creux"), { shape: "rond", letter: "", colour: "#777777" }, 8, true);
  });
  html("span", "titre", legende, "Liens");
  data.intensities.forEach((texte, i) => cle(legende, texte, (svg) => trait(svg, "actif", LARGEURS[i + 1])));
  cle(legende, "en sommeil", (svg) => trait(svg, "sommeil", 2.4));
  cle(legende, "à contacter ou contact pris", (svg) => trait(svg, "projet", 2.6));
}

function cle(legende, texte, dessin) {
  const span = html("span", "cle", legende);
  const svg = element("svg", { width: 34, height: 22, viewBox: "-17 -11 34 22", "aria-hidden": "true" }, span);
  dessin(svg);
  html("span", "", span, texte);
}

function groupe(svg, famille, classe = "") {
  const g = element("g", { class: `noeud ${classe}` }, svg);
  g.style.setProperty("--couleur", famille.colour);
  return g;
}

function trait(svg, sorte, largeur) {
  const l = element("path", { class: `lien ${sorte}`, d: "M-15,0L15,0" }, svg);
  l.style.strokeWidth = `${largeur}px`;
}
