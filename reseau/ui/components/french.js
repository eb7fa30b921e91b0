// Constant script: Streamlit has no French. Only whole texts that Streamlit itself writes are replaced,
// outside what shows data (tables, text written by pages).
const WORDS = new Map([
  ["Drag and drop file here", "Déposez un fichier ici"],
  ["Drag and drop files here", "Déposez des fichiers ici"],
  ["Browse files", "Choisir un fichier"],
  ["Browse file", "Choisir un fichier"],
  ["Upload", "Choisir un fichier"],
  ["Add files", "Ajouter des fichiers"],
  ["Press Enter to apply", "Entrée pour valider"],
  ["Press Ctrl+Enter to apply", "Ctrl+Entrée pour valider"],
  ["Press Enter to submit form", "Entrée pour enregistrer"],
  ["Press Ctrl+Enter to submit form", "Ctrl+Entrée pour enregistrer"],
  ["Choose an option", "Choisir"],
  ["Choose options", "Choisir"],
  ["Select an option", "Choisir"],
  ["No options to select.", "Rien à choisir"],
  ["No options to select", "Rien à choisir"],
  ["No results", "Aucun résultat"],
  ["Select all", "Tout choisir"],
  ["Clear all", "Tout enlever"],
  ["Clear value", "Effacer"],
  ["Remove file", "Retirer le fichier"],
  ["Search", "Chercher"],
  ["Download as CSV", "Télécharger en CSV"],
  ["Download", "Télécharger"],
  ["Fullscreen", "Plein écran"],
  ["Close fullscreen", "Quitter le plein écran"],
  ["Exit fullscreen", "Quitter le plein écran"],
  ["Show/hide columns", "Colonnes affichées"],
  ["Add row", "Ajouter une ligne"],
  ["Add rows", "Ajouter des lignes"],
  ["Delete row(s)", "Supprimer les lignes"],
  ["Delete rows", "Supprimer les lignes"],
  ["Clear selection", "Ne rien choisir"],
  ["Sort ascending", "Trier par ordre croissant"],
  ["Sort descending", "Trier par ordre décroissant"],
  ["Autosize", "Ajuster la largeur"],
  ["Format", "Format"],
  ["Pin column", "Figer la colonne"],
  ["Unpin column", "Libérer la colonne"],
  ["Hide column", "Masquer la colonne"],
  ["Show all columns", "Afficher toutes les colonnes"],
  ["Statistics", "Statistiques"],
  ["Copy to clipboard", "Copier"],
  ["Copied", "Copié"],
  ["Close", "Fermer"],
  ["Rerun", "Relancer"],
  ["Settings", "Réglages d'affichage"],
  ["Print", "Imprimer"],
  ["Record a screencast", "Enregistrer l'écran"],
  ["Stop", "Arrêter"],
  ["Running...", "Calcul en cours…"],
  ["Connecting", "Connexion…"],
  ["Connection error", "Connexion perdue"],
  ["Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:",
   "L'application ne répond plus. Relancez-la : vos données sont enregistrées."],
  ["Page not found", "Page introuvable"],
  ["You are about to leave the page.", "Vous allez quitter la page."],
  ["Today", "Aujourd'hui"],
  ["Previous month.", "Mois précédent"],
  ["Next month.", "Mois suivant"],
  ["Show password text", "Montrer"],
  ["Hide password text", "Cacher"],
  ["Open sidebar", "Ouvrir le menu"],
  ["Close sidebar", "Fermer le menu"],
  ["Expand sidebar", "Ouvrir le menu"],
  ["Collapse sidebar", "Replier le menu"],
  ["Help", "Aide"],
  ["Link to heading", "Lien vers ce titre"],
  ["View more", "Afficher plus"],
  ["View less", "Afficher moins"],
  ["January", "Janvier"], ["February", "Février"], ["March", "Mars"], ["April", "Avril"], ["May", "Mai"],
  ["June", "Juin"], ["July", "Juillet"], ["August", "Août"], ["September", "Septembre"],
  ["October", "Octobre"], ["November", "Novembre"], ["December", "Décembre"],
  ["Su", "Di"], ["Mo", "Lu"], ["Tu", "Ma"], ["We", "Me"], ["Th", "Je"], ["Fr", "Ve"], ["Sa", "Sa"],
  ["There was an error", "Une erreur est survenue"],
])
const PATTERNS = [
  [/^Limit (\d+)\s?(MB|GB) per file( • .*)?$/, (m) => `${m[1]} ${m[2] === "MB" ? "Mo" : "Go"} au plus${m[3] ? m[3] : ""}`],
  [/^(\d+)\s?(MB|GB) per file( • .*)?$/, (m) => `${m[1]} ${m[2] === "MB" ? "Mo" : "Go"} au plus${m[3] ? m[3] : ""}`],
  [/^(.+) file must be (\d+)(\.\d+)?\s?MB or smaller\.$/, (m) => `Fichier trop gros : ${m[2]} Mo au plus.`],
  [/^File must be (\d+)(\.\d+)?\s?MB or smaller\.$/, (m) => `Fichier trop gros : ${m[1]} Mo au plus.`],
  [/^(\d+)(\.\d)?(B|KB|MB|GB)$/, (m) => `${m[1]}${(m[2] || "").replace(".0", "").replace(".", ",")} ${{ B: "o", KB: "ko", MB: "Mo", GB: "Go" }[m[3]]}`],
  [/^(\.?\w+) files are not allowed\.$/, (m) => `Les fichiers ${m[1]} ne conviennent pas ici.`],
  [/^Selected (.+)\. (.+)$/, null],
];
// What pages and data write is never touched.
const DATA = '[data-testid="stMarkdownContainer"], [data-testid="stText"], [data-testid="stTable"], ' +
  '[data-testid="stCode"], [data-testid="stBidiComponentRegular"], [data-testid="stBidiComponentIsolated"]';
const ATTRIBUTES = ["aria-label", "title", "placeholder"];

function french(text) {
  const bare = text.trim();
  if (WORDS.has(bare)) return WORDS.get(bare);
  for (const [pattern, write] of PATTERNS) {
    const match = write && bare.match(pattern);
    if (match) return write(match);
  }
  return null;
}
// The uploader writes the label of its own button as if a page had.
const OURS = '[data-testid="stFileUploaderDropzone"]';
function inData(element) {
  return element && element.closest && element.closest(DATA) && !element.closest(OURS);
}
function translateText(node) {
  const said = french(node.nodeValue || "");
  if (said && said !== node.nodeValue && !inData(node.parentElement)) node.nodeValue = said;
}
function translateElement(element) {
  for (const name of ATTRIBUTES) {
    const value = element.getAttribute && element.getAttribute(name);
    const said = value && french(value);
    if (said && said !== value) element.setAttribute(name, said);
  }
}
function translate(root) {
  if (root.nodeType === Node.TEXT_NODE) return translateText(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  translateElement(root);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) translateText(node); else translateElement(node);
  }
}
export default function () {
  document.documentElement.lang = "fr";
  if (window.reseauFrench) return;
  window.reseauFrench = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") translateText(change.target);
      else if (change.type === "attributes") translateElement(change.target);
      else change.addedNodes.forEach(translate);
    }
  });
  translate(document.body);
  window.reseauFrench.observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });
}
