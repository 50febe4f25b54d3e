// Tables that are updated in place: a row is found again by its key, and only what changed is written.
// Whatever comes from the exchange is written as text, never as markup: order identifiers are other people's words.

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

export class Table {
  // `columns` are {text(row), className?(row), title?(row), press?(key), way?, ticks?, wide?} in the header's order:
  // `way` draws row.way, `ticks` lets a changed price light up, `press` makes a button, `wide` is left out on a phone.
  constructor(id, columns, key) {
    const table = document.getElementById(id);
    this.body = table.tBodies[0];
    this.empty = table.parentElement.querySelector(".empty");
    this.columns = columns;
    this.key = key;
    this.lines = new Map();
    this.begun = false;
    this.announces = false; // whether a new row lights up
  }

  update(rows) {
    const gone = new Set(this.lines.keys());
    let place = this.body.firstElementChild;
    for (const row of rows) {
      const key = String(this.key(row));
      gone.delete(key);
      const line = this.lines.get(key) ?? this.add(key);
      this.write(line, row);
      if (line.element === place) {
        place = place.nextElementSibling;
      } else {
        this.body.insertBefore(line.element, place);
      }
    }
    for (const key of gone) {
      this.lines.get(key).element.remove();
      this.lines.delete(key);
    }
    if (this.empty) this.empty.hidden = rows.length > 0;
    this.begun = true;
  }

  add(key) {
    const element = document.createElement("tr");
    const cells = this.columns.map((column, place) => {
      const cell = document.createElement(place === 0 && column.press ? "th" : "td");
      if (column.wide) cell.classList.add("wide");
      element.append(cell);
      if (column.way) return { cell, target: cell, drawing: draw(cell) };
      if (!column.press) return { cell, target: cell };
      const button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", () => column.press(key));
      cell.scope = "row";
      cell.append(button);
      return { cell, target: button };
    });
    const line = { element, cells };
    this.lines.set(key, line);
    if (this.begun && this.announces) flash(element, "new");
    return line;
  }

  write(line, row) {
    this.columns.forEach((column, place) => {
      const part = line.cells[place];
      const className = [column.wide ? "wide" : "", column.className ? column.className(row) : ""].join(" ").trim();
      if (part.className !== className) part.cell.className = part.className = className;
      if (column.way) return redraw(part, row.way, row.change);
      const text = String(column.text(row));
      if (column.title && part.target.title !== column.title(row)) part.target.title = column.title(row);
      if (part.text === text) return;
      if (column.ticks && part.text !== undefined) flash(part.cell, number(text) > number(part.text) ? "up" : "down");
      part.target.textContent = part.text = text;
    });
    line.element.className = this.line ? this.line(row) : "";
  }
}

export function sign(text) {
  return text.startsWith("+") ? "gain" : text.startsWith("−") ? "loss" : "even";
}

function number(text) {
  return Number(text.replaceAll(",", "").replace("−", "-"));
}

function flash(element, kind) {
  if (calm.matches) return;
  const colour = getComputedStyle(document.documentElement).getPropertyValue(`--flash-${kind}`).trim();
  element.animate({ backgroundColor: [colour, "transparent"] }, { duration: 700, easing: "ease-out" });
}

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 90; // one second a step
const SHORTEST = 30; // seconds: a shorter way is not drawn any wider

function draw(cell) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "polyline");
  svg.setAttribute("viewBox", `0 -6 ${WIDTH} 112`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.append(line);
  cell.append(svg);
  return line;
}

// The way is told in whole numbers from 0 (lowest) to 100; the newest stands at the right edge.
function redraw(part, way, change) {
  const step = WIDTH / Math.max(SHORTEST, way.length - 1);
  const start = WIDTH - step * (way.length - 1);
  const points = way.map((height, place) => `${(start + step * place).toFixed(1)},${100 - height}`).join(" ");
  if (part.points !== points) part.drawing.setAttribute("points", (part.points = points));
  const kind = sign(change);
  if (part.kind !== kind) part.drawing.setAttribute("class", (part.kind = kind));
}
