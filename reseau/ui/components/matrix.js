// Constant script. Every name is written with textContent: text stays text.
function text(tag, value, title) {
  const node = document.createElement(tag);
  node.textContent = value;
  if (title) node.title = title;
  return node;
}
// Widths of the columns, pixels; above so many quartiers their names stand up.
const MANY = 9;
const WIDTHS = { wide: [172, 74], narrow: [170, 44] };
function button(cell, row, column, chosen, choose) {
  const node = text("button", cell.sign, cell.title);
  node.type = "button";
  node.style.background = cell.colour;
  if (cell.mark) node.append(text("small", cell.mark));
  node.dataset.state = cell.state;
  node.dataset.type = row.id;
  node.dataset.quartier = column.id;
  node.setAttribute("aria-label", cell.title);
  node.setAttribute("aria-pressed", String(chosen));
  node.onclick = () => choose({ type: row.id, quartier: column.id, at: Date.now() });
  return node;
}
function col(kind) {
  const node = document.createElement("col");
  node.className = kind;
  return node;
}
export default function ({ parentElement, data, setTriggerValue }) {
  const host = parentElement.querySelector(".matrix");
  const kept = [host.scrollLeft, host.scrollTop];
  const table = document.createElement("table");
  const widths = document.createElement("colgroup");
  widths.append(col("name"), ...data.columns.map(() => col("quartier")));
  table.append(widths);
  const narrow = data.columns.length > MANY;
  const [name, quartier] = WIDTHS[narrow ? "narrow" : "wide"];
  table.classList.toggle("narrow", narrow);
  table.style.minWidth = `${name + quartier * data.columns.length}px`;
  const head = table.createTHead().insertRow();
  head.append(text("th", "Type de service"));
  for (const column of data.columns) {
    const th = text("th", "", column.title);
    th.append(text("span", column.label));
    th.scope = "col";
    head.append(th);
  }
  const body = table.createTBody();
  let group = null;
  data.rows.forEach((row, r) => {
    if (row.group !== group) {
      group = row.group;
      const line = body.insertRow();
      line.className = "group";
      line.style.setProperty("--family", row.colour);
      line.append(text("th", row.group));
      line.insertCell().colSpan = data.columns.length;
    }
    const line = body.insertRow();
    const th = text("th", row.label, row.title);
    th.scope = "row";
    line.append(th);
    data.columns.forEach((column, c) => {
      const chosen = data.selected && data.selected[0] === row.id && data.selected[1] === column.id;
      if (!data.cells[r][c]) {
        const aside = line.insertCell();
        aside.className = "aside";
        aside.title = "Ce type n'est pas attendu d'un quartier de cette taille.";
        return;
      }
      line.insertCell().append(
        button(data.cells[r][c], row, column, Boolean(chosen), (value) => setTriggerValue("clicked", value)),
      );
    });
  });
  host.replaceChildren(table);
  [host.scrollLeft, host.scrollTop] = kept;
}
