/**
 * @typedef {object} Cell
 * @property {string} text
 * @property {"good" | "warn" | "bad"} [mood]
 * @property {number} [share] of a whole, 0 to 1; drawn beside the text
 * @property {boolean} [isLimit] whether nearing the whole is worth a warning
 */
/**
 * @template Row
 * @typedef {object} Column
 * @property {string} title
 * @property {boolean} [isNumber]
 * @property {(row: Row) => Cell | string} cell
 */

/**
 * An element of the page that is known to be there.
 *
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export const byId = (id, kind) => {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`the page has no ${id}`);
  return found;
};

/**
 * @param {"td" | "th"} name
 * @param {Cell} cell
 * @param {boolean} isNumber
 */
const cellElement = (name, { text, mood, share, isLimit = false }, isNumber) => {
  const element = document.createElement(name);
  if (isNumber) element.classList.add("number");
  if (mood !== undefined) element.classList.add(mood);
  if (name === "th") element.setAttribute("scope", "col");
  // Text only: names of models and tags are callers' words.
  element.textContent = text;
  if (share !== undefined) {
    const meter = document.createElement("meter");
    meter.value = share;
    if (isLimit) meter.high = 0.8;
    meter.textContent = `${Math.round(share * 100)} %`;
    element.append(" ", meter);
  }
  return element;
};

/**
 * Fills a table anew.
 *
 * @template Row
 * @param {HTMLTableElement} table
 * @param {readonly Column<Row>[]} columns
 * @param {readonly Row[]} rows
 * @param {string} empty what is told where there is no row
 */
export const fillTable = (table, columns, rows, empty) => {
  const head = document.createElement("thead");
  const titles = document.createElement("tr");
  titles.append(
    ...columns.map(({ title, isNumber = false }) => cellElement("th", { text: title }, isNumber)),
  );
  head.append(titles);
  const body = document.createElement("tbody");
  for (const row of rows) {
    const line = document.createElement("tr");
    for (const { cell, isNumber = false } of columns) {
      const made = cell(row);
      line.append(cellElement("td", typeof made === "string" ? { text: made } : made, isNumber));
    }
    body.append(line);
  }
  if (rows.length === 0) {
    const line = document.createElement("tr");
    const nothing = cellElement("td", { text: empty }, false);
    nothing.classList.add("empty");
    nothing.colSpan = columns.length;
    line.append(nothing);
    body.append(line);
  }
  table.replaceChildren(head, body);
};
