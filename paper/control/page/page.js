// The page: takes the exchange's snapshots as they come and writes them into the document.

import { Table, sign } from "./table.js";

const SILENCE = 4000; // milliseconds without a snapshot until the exchange counts as gone
const ROW = 21; // pixels: the height of a table's row
const PAUSE = 1000; // between two tries to reach it
const MEANINGS = { BTO: "Buy to Open", STO: "Sell to Open", BTC: "Buy to Close", STC: "Sell to Close" };
const byId = (id) => document.getElementById(id);

const side = (row) => (row.buys ? "buy" : "sell");
const number = () => "number";
const status = (row) => `status ${row.status.toLowerCase().replaceAll(" ", "-")}`;
const sizes = (size) => (size ? size : "");

const tables = {
  underlyings: new Table("underlyings", [
    { text: (row) => row.name, className: (row) => (row.pinned ? "name pinned" : "name"), title: (row) => `${row.symbol}${pin(row)}` },
    { text: (row) => row.bid, className: () => "number quiet" },
    { text: (row) => row.ask, className: () => "number quiet" },
    { text: (row) => row.last, className: number },
    { text: (row) => row.percent, className: (row) => `number ${sign(row.percent)}` },
    { way: true, className: () => "way" },
  ], (row) => row.symbol),
  contracts: new Table("contracts", [
    { text: (row) => row.name, className: (row) => (row.pinned ? "name pinned" : "name"), title: (row) => `${row.symbol}${pin(row)}`, press: choose },
    { text: (row) => sizes(row.bid_size), className: () => "number quiet" },
    { text: (row) => row.bid, className: number, ticks: true },
    { text: (row) => row.ask, className: number, ticks: true },
    { text: (row) => sizes(row.ask_size), className: () => "number quiet" },
    { text: (row) => row.last, className: number },
    { text: (row) => row.change, className: (row) => `number ${sign(row.change)}` },
    { text: (row) => sizes(row.working), className: number },
    { way: true, className: () => "way" },
  ], (row) => row.symbol),
  positions: new Table("positions", [
    { text: (row) => row.name, className: () => "name", title: (row) => row.symbol },
    { text: (row) => row.quantity, className: number },
    { text: (row) => row.average, className: number },
    { text: (row) => row.mark, className: number, ticks: true },
    { text: (row) => row.unrealised, className: (row) => `number ${sign(row.unrealised)}` },
    { text: (row) => row.realised, className: (row) => `number ${sign(row.realised)}` },
  ], (row) => row.symbol),
  open: new Table("open", [
    ...orderColumns(),
    { text: (row) => row.time_in_force },
    { text: (row) => row.status, className: status },
    { text: (row) => row.ahead ?? "", className: number, wide: true },
    { text: (row) => row.identifier, className: () => "quiet", title: (row) => row.identifier, wide: true },
  ], (row) => row.id),
  ended: new Table("ended", [
    ...orderColumns(),
    { text: (row) => row.average, className: number },
    { text: (row) => row.status, className: status },
    { text: (row) => row.end, title: (row) => row.end },
    { text: (row) => row.identifier, className: () => "quiet", title: (row) => row.identifier, wide: true },
  ], (row) => row.id),
  fills: new Table("fills", [
    { text: (row) => row.at, className: () => "quiet" },
    { text: (row) => row.name, className: () => "name", title: (row) => `order ${row.order_id}, ${row.fill_id}` },
    { text: (row) => row.action, className: side, title: (row) => meaning(row.action) },
    { text: (row) => row.quantity, className: number },
    { text: (row) => row.price, className: number },
  ], (row) => row.fill_id),
  faults: new Table("faults", [
    { text: (row) => row.kind.replaceAll("_", " ") },
    { text: (row) => row.on.replaceAll("_", " ") },
    { text: (row) => row.about, title: (row) => row.about },
    { text: (row) => `${row.fired} of ${row.armed}`, className: number },
  ], (row) => row.place),
  ladder: new Table("ladder", [
    { text: (row) => own(row.buying, row), className: (row) => (row.buying ? "own buy" : "own"), title: ownInWords },
    { text: (row) => row.bid_size ?? "", className: () => "number bid-size" },
    { text: (row) => row.price, className: () => "number price" },
    { text: (row) => row.ask_size ?? "", className: () => "number ask-size" },
    { text: (row) => own(row.selling, row), className: (row) => (row.selling ? "own sell" : "own"), title: ownInWords },
  ], (row) => row.price),
};
tables.ladder.line = (row) => [
  row.bid_size === null ? "" : "bid",
  row.ask_size === null ? "" : "ask",
  row.gap ? "gap" : "",
].join(" ").trim();
for (const table of [tables.open, tables.ended, tables.fills]) table.announces = true;
tables.contracts.line = (row) => (row.symbol === chosen ? "chosen" : "");
tables.positions.line = (row) => (row.quantity ? "" : "flat");
tables.faults.line = (row) => (row.fired < row.armed ? "armed" : "");

let chosen = null; // the contract whose ladder is shown, by its symbol
let asked = null; // the contract that the present stream was asked for
let source = null;
let heard = 0;

function orderColumns() {
  return [
    { text: (row) => row.at, className: () => "quiet" },
    { text: (row) => row.id, className: () => "quiet" },
    { text: (row) => row.name, className: () => "name", title: (row) => row.symbol },
    { text: (row) => row.action, className: side, title: (row) => meaning(row.action) },
    { text: (row) => row.quantity, className: number },
    { text: (row) => row.filled, className: (row) => (row.filled ? "number some" : "number quiet") },
    { text: (row) => row.order_type },
    { text: (row) => row.limit, className: number },
  ];
}

// Our contracts at a price, and in brackets how many of others stand before them.
function own(quantity, row) {
  if (!quantity) return "";
  return row.ahead ? `${quantity} (${row.ahead})` : String(quantity);
}

function ownInWords(row) {
  const quantity = row.buying + row.selling;
  if (!quantity) return "";
  const orders = row.orders > 1 ? `${row.orders} orders` : "1 order";
  return `${quantity} of ours in ${orders}${row.ahead === null ? "" : `, ${row.ahead} of others before`}`;
}

function pin(row) {
  return row.pinned ? ", pinned by hand" : "";
}

function meaning(action) {
  return MEANINGS[action] ?? action;
}

function show(news) {
  const { session, account, requests } = news;
  write("session", session.state);
  byId("session").dataset.state = session.state.toLowerCase();
  byId("session").title = session.mode === "real" ? "By the calendar of the New York Stock Exchange" : `Kept ${session.mode} by setting`;
  write("clock", session.clock);
  write("day", session.day);
  write("ahead", session.ahead);
  write("number", account.number);
  write("market", marketInWords(session));
  write("seed", session.seed);
  write("rate", requests.per_second);
  write("too-many", requests.too_many);
  byId("too-many").classList.toggle("loss", requests.too_many > 0);
  showAccount(account);
  choices(news);
  tables.underlyings.update(news.underlyings);
  tables.contracts.update(news.contracts);
  tables.positions.update(news.positions);
  showLadder(news.ladders.find((ladder) => ladder.symbol === chosen)?.levels);
  tables.open.update(news.open_orders);
  tables.ended.update(news.ended_orders);
  tables.fills.update(news.fills);
  tables.faults.update(news.faults.map((fault, place) => ({ ...fault, place })));
  byId("faults-panel").hidden = news.faults.length === 0;
  write("open-count", count(news.open_orders, news.open_orders_left_out));
  write("contracts-count", count(news.contracts, news.contracts_left_out));
  write("positions-count", count(news.positions, news.positions_left_out));
}

function marketInWords({ pinned, replayed }) {
  if (replayed) return `playing ${replayed}`;
  return pinned ? `${pinned} quote${pinned > 1 ? "s" : ""} pinned` : "simulated";
}

function showAccount(account) {
  write("net", account.net_liquidating_value);
  write("cash", account.cash);
  write("reserved", account.reserved);
  write("power", account.buying_power);
  writeSigned("profit", account.profit_today);
  writeSigned("realised", account.realised);
  writeSigned("unrealised", account.unrealised);
  writeSigned("fees", account.fees);
}

// The touch stays in sight, unless somebody is looking around in the ladder.
function showLadder(levels) {
  if (levels === undefined && chosen !== null) return; // it comes with the stream that was just asked for
  tables.ladder.update(levels ?? []);
  const pane = tables.ladder.body.closest(".scroll");
  const touch = pane.querySelectorAll("tr.bid, tr.ask");
  if (!touch.length || pane.matches(":hover, :focus-within")) return;
  const [top, bottom] = [touch[0].offsetTop, touch[touch.length - 1].offsetTop + touch[touch.length - 1].offsetHeight];
  const out = top < pane.scrollTop + 2 * ROW || bottom > pane.scrollTop + pane.clientHeight - ROW;
  if (out) pane.scrollTop = (top + bottom - pane.clientHeight) / 2;
}

// Keeps the list of contracts to choose from, and a choice among them: the user's, else the liveliest.
function choices(news) {
  const symbols = news.contracts.map((row) => row.symbol);
  if (!symbols.includes(chosen)) chosen = symbols.includes(news.liveliest) ? news.liveliest : (symbols[0] ?? null);
  const list = byId("contract");
  const known = Array.from(list.options, (option) => option.value);
  const wanted = symbols.length ? symbols : [""];
  if (known.join("\n") !== wanted.join("\n")) {
    list.replaceChildren(...wanted.map((symbol, place) => new Option(news.contracts[place]?.name ?? "–", symbol)));
  }
  if (list.value !== (chosen ?? "")) list.value = chosen ?? "";
  if (chosen !== asked) listen();
}

function choose(symbol) {
  chosen = symbol;
  listen();
}

function count(rows, leftOut) {
  return leftOut ? `${rows.length} of ${rows.length + leftOut}` : rows.length ? String(rows.length) : "";
}

function write(id, text) {
  const element = byId(id);
  if (element.textContent !== String(text)) element.textContent = text;
}

function writeSigned(id, text) {
  write(id, text);
  byId(id).className = `signed ${sign(text)}`;
}

function listen() {
  source?.close();
  asked = chosen;
  const query = asked === null ? "" : `?${new URLSearchParams({ contract: asked })}`;
  const mine = (source = new EventSource(`/__ctl__/live${query}`));
  mine.addEventListener("message", (event) => {
    heard = performance.now();
    say(true);
    show(JSON.parse(event.data));
  });
  mine.addEventListener("error", () => {
    say(false);
    // A browser gives up for good on an answer that isn't a stream, for instance of something else on this port.
    if (mine.readyState === EventSource.CLOSED && mine === source) setTimeout(() => mine === source && listen(), PAUSE);
  });
}

function say(live) {
  document.body.classList.toggle("gone", !live);
  document.body.classList.remove("waiting");
  write("link", live ? "Live" : "Exchange gone, retrying…");
}

// A browser allows few connections to one server at a time: a page that nobody sees gives its own back.
function attend() {
  if (document.hidden) {
    source?.close();
    source = null;
  } else if (source === null) {
    heard = performance.now();
    listen();
  }
}

byId("contract").addEventListener("change", (event) => choose(event.target.value));
document.addEventListener("visibilitychange", attend);
setInterval(() => {
  if (source !== null && performance.now() - heard > SILENCE) say(false);
}, PAUSE);
attend();
