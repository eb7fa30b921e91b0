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
  ["The page that you have requested does not seem to exist. Running the app's main page.",
   "Cette adresse n'est pas celle d'une page. Voici la vue d'ensemble."],
  ["You are about to leave the page.", "Vous allez quitter la page."],
  ["Today", "Aujourd'hui"],
  ["dd", "jj"], ["yyyy", "aaaa"],
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
  ["This app has encountered an error. The original error message is redacted to prevent data leaks. Full " +
   "error details have been recorded in the logs (if you're on Streamlit Cloud, click on 'Manage app' in the " +
   "lower right of your app).",
   "Cette partie de la page n'a pas pu s'afficher ; vos données sont enregistrées. Rechargez la page. Si cela " +
   "recommence, le détail est dans la fenêtre où l'application a été lancée."],
  ["Copy", "Copier"],
  ["Skip to main content", "Aller au contenu"],
  ["Sidebar", "Menu"],
  ["App pages", "Pages"],
  ["Main menu", "Menu de l'application"],
  ["Navigate to home page", "Page d'accueil"],
  ["Open", "Ouvrir"],
  ["Increment", "Augmenter"],
  ["Decrement", "Diminuer"],
  ["file upload", "dépôt de fichiers"],
  ["Add options", "Ajouter"],
  ["Selected values", "Choix faits"],
  ["Selectbox options", "Choix possibles"],
  ["Multiselect options", "Choix possibles"],
  ["Button action menu", "Autres actions"],
  ["Choose date", "Choisir une date"],
  ["Choose date range", "Choisir une période"],
  ["Quick select a date range", "Choisir une période courante"],
  ["Use arrow keys to navigate dates. Enter to select. Escape to close.",
   "Les flèches changent de jour, Entrée choisit, Échap ferme."],
  ["Clear date", "Effacer la date"],
  ["Clear dates", "Effacer les dates"],
  ["Clear time", "Effacer l'heure"],
  ["Clear entry", "Effacer"],
  ["Previous month", "Mois précédent"],
  ["Next month", "Mois suivant"],
  ["Scroll tabs left", "Onglets précédents"],
  ["Scroll tabs right", "Onglets suivants"],
  ["Previous page", "Page précédente"],
  ["Next page", "Page suivante"],
  ["Previous Result", "Résultat précédent"],
  ["Next Result", "Résultat suivant"],
  ["Close Search", "Fermer la recherche"],
  ["Dataframe column menu", "Menu de la colonne"],
  ["Copy column name", "Copier le nom de la colonne"],
  ["Toggle fullscreen", "Plein écran"],
  ["Notifications", "Messages"],
  ["Stop script", "Arrêter"],
  ["Try again", "Réessayer"],
  ["Cancel", "Annuler"],
  ["Learn more", "En savoir plus"],
  ["No options", "Rien à choisir"],
  ["No data", "Aucune donnée"],
  ["Automatic", "Automatique"], ["Localized", "À la française"], ["Plain", "Sans séparateur"],
  ["Compact", "Abrégé"], ["Dollar", "Dollars"], ["Euro", "Euros"], ["Yen", "Yens"],
  ["Percent", "Pourcentage"], ["Scientific", "Scientifique"], ["Accounting", "Comptable"],
  ["Distance", "Écart"], ["Calendar", "Calendrier"], ["Duration", "Durée"],
  ["Request timed out", "La demande a pris trop de temps"],
  ["Invalid date", "Cette date n'existe pas"],
  ["Invalid time format. Please use HH:MM.", "Écrivez l'heure comme 09:30."],
  ["streamlit_folium.st_folium", "Carte"],
  ["Dismiss", "Fermer"],
  ["Empty", "vide"],
  ["close icon", "Fermer"], ["add icon", "Ajouter"], ["info icon", "Précisions"],
])
const PATTERNS = [
  [/^Limit (\d+)\s?(MB|GB) per file( • .*)?$/, (m) => `${m[1]} ${m[2] === "MB" ? "Mo" : "Go"} au plus${m[3] ? m[3] : ""}`],
  [/^(\d+)\s?(MB|GB) per file( • .*)?$/, (m) => `${m[1]} ${m[2] === "MB" ? "Mo" : "Go"} au plus${m[3] ? m[3] : ""}`],
  [/^(.+) file must be (\d+)(\.\d+)?\s?MB or smaller\.$/, (m) => `Fichier trop gros : ${m[2]} Mo au plus.`],
  [/^File must be (\d+)(\.\d+)?\s?MB or smaller\.$/, (m) => `Fichier trop gros : ${m[1]} Mo au plus.`],
  [/^(\d+)(\.\d)?(B|KB|MB|GB)$/, (m) => `${m[1]}${(m[2] || "").replace(".0", "").replace(".", ",")} ${{ B: "o", KB: "ko", MB: "Mo", GB: "Go" }[m[3]]}`],
  [/^(\.?\w+) files are not allowed\.$/, (m) => `Les fichiers ${m[1]} ne conviennent pas ici.`],
  [/^(\d+) options? available\.$/, (m) => `${m[1]} choix possible${m[1] > 1 ? "s" : ""}.`],
];
const PARTS = { day: "jour", month: "mois", year: "année", hour: "heures", minute: "minutes" };
// Only on hover or aloud: as visible text these words could begin a name.
const SPOKEN = [
  [/^Help for (.+)$/, (m) => `Aide : ${m[1]}`],
  [/^Remove (.+)$/, (m) => `Enlever ${m[1]}`],
  [/^(day|month|year|hour|minute), (.+)$/, (m) => `${PARTS[m[1]]}, ${m[2]}`],
  [/^Choose date, (.+)$/, (m) => `Choisir une date, ${m[1]}`],
  [/^Selected (?:Date|Time|Range): (.+?)(?: to (.+))?$/, (m) => `Choisi : ${m[1]}${m[2] ? ` – ${m[2]}` : ""}`],
];
// What pages and data write is never touched.
const DATA = '[data-testid="stMarkdownContainer"], [data-testid="stText"], [data-testid="stTable"], ' +
  '[data-testid="stCode"], [data-testid="stBidiComponentRegular"], [data-testid="stBidiComponentIsolated"]';
const ATTRIBUTES = ["aria-label", "aria-valuetext", "title", "placeholder"];

function french(text, patterns) {
  const bare = text.trim();
  if (WORDS.has(bare)) return WORDS.get(bare);
  for (const [pattern, write] of patterns) {
    const match = bare.match(pattern);
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
  const said = french(node.nodeValue || "", PATTERNS);
  if (said && said !== node.nodeValue && !inData(node.parentElement)) node.nodeValue = said;
}
function translateElement(element) {
  for (const name of ATTRIBUTES) {
    const value = element.getAttribute && element.getAttribute(name);
    const said = value && french(value, SPOKEN);
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
// Streamlit writes numbers, dates and calendars as the browser's own language does; an English browser would
// show «8,100» and «2.5» in French tables.
function writeAsTheFrenchDo() {
  Object.defineProperty(navigator, "languages", { get: () => ["fr-FR", "fr"], configurable: true });
  Object.defineProperty(navigator, "language", { get: () => "fr-FR", configurable: true });
  // A table drawn before now keeps its figures until it is drawn again.
  window.dispatchEvent(new Event("resize"));
}
export default function () {
  document.documentElement.lang = "fr";
  if (!(navigator.language || "").toLowerCase().startsWith("fr")) writeAsTheFrenchDo();
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
