// The queue: moving by keys, deciding without opening, and telling of new alerts without moving anything.
import { on, onChord } from "./keys.js";
import { say } from "./shell.js";
import { onEvents } from "./live.js";

export function startQueue(page) {
  const rows = [...page.querySelectorAll("[data-testid=alert-row]")];
  const links = rows.map((row) => row.querySelector("a[data-row]"));
  const quick = document.getElementById("quick");
  let at = -1;

  // One stop for Tab; the keys move inside.
  const stop = (index) => links.forEach((link, i) => { link.tabIndex = i === index ? 0 : -1; });
  function go(index) {
    if (index < 0 || index >= links.length) return false;
    at = index;
    stop(at);
    links[at].focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
    return true;
  }
  if (links.length > 0) stop(0);
  // A title that is cut is told in full.
  page.addEventListener("pointerover", (event) => {
    const link = event.target.closest("a[data-row]");
    if (link && !link.title && link.scrollWidth > link.clientWidth) link.title = link.textContent;
  });
  links.forEach((link, i) => link.addEventListener("focus", () => { at = i; stop(i); }));
  page.querySelector("table")?.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.ctrlKey && !event.metaKey && !event.altKey && go(at + step)) event.preventDefault();
  });
  const down = () => { if (!go(at + 1) && at === links.length - 1) document.getElementById("more")?.focus(); };
  on("j", down);
  on("k", () => go(Math.max(0, at - 1)));
  on("Enter", () => { if (at >= 0) links[at].click(); });
  on("/", () => { const first = document.getElementById("first-filter"); first.closest("details").open = true; first.focus(); });
  on(".", () => { const pill = document.getElementById("fresh"); if (!pill.hidden) pill.click(); });

  // A decision posts the same form as the alert's own page; the page then comes back and the next row has the focus.
  if (quick) {
    const chosen = () => {
      if (at < 0) say("Choose a row first: j and k move.");
      return rows[at];
    };
    for (const key of ["f", "t"]) {
      const panel = quick.querySelector(`[data-chord=${key}]`);
      const buttons = [...panel.querySelectorAll("button")];
      const show = () => { if (chosen()) { quick.hidden = false; panel.hidden = false; say(buttons.map((b) => b.textContent).join(", ")); } };
      const hide = () => { quick.hidden = true; panel.hidden = true; };
      const acts = {};
      buttons.forEach((button) => {
        acts[button.dataset.key.slice(1)] = () => button.click();
        button.removeAttribute("data-key");
      });
      onChord(key, acts, show, () => setTimeout(hide, 150));
    }
    quick.addEventListener("submit", (event) => {
      const row = chosen();
      if (!row || row.dataset.status === "closed") {
        event.preventDefault();
        if (row) say("This alert is closed already.");
        return;
      }
      quick.action = `/alerts/${row.dataset.id}/decide`;
      quick.elements.ifMatch.value = row.dataset.version;
      remember(rows[at + 1] ?? rows[at - 1]);
    });
    const openNote = () => { const row = chosen(); if (row) { location.assign(row.querySelector("a[data-row]").href + "#note"); } };
    on("e", openNote);
    on("n", openNote);
  }
  const remember = (row) => { try { if (row) sessionStorage.setItem("row", row.dataset.id); } catch { /* then the focus starts at the top */ } };
  try {
    const back = sessionStorage.getItem("row");
    sessionStorage.removeItem("row");
    if (back) go(rows.findIndex((row) => row.dataset.id === back));
  } catch { /* as above */ }
  links.forEach((link, i) => link.addEventListener("click", () => remember(rows[i])));
  // A decision taken back leaves its row chosen.
  document.addEventListener("submit", (event) => {
    const undone = /\/alerts\/([a-z2-7]{26})\/undo$/.exec(new URL(event.target.action, location.href).pathname);
    if (undone) remember({ dataset: { id: undone[1] } });
  });

  // Filters apply by themselves when a choice is made.
  const filters = page.querySelector("form.filters");
  filters?.querySelectorAll("[data-auto]").forEach((field) => field.addEventListener("change", () => filters.requestSubmit()));

  // New alerts that the filter lets through are counted, never put in.
  const wanted = new URLSearchParams(page.dataset.filter);
  const lets = (name, value) => { const asked = wanted.getAll(name).filter((v) => v !== "all"); return asked.length === 0 || asked.includes(value); };
  const showsOpen = !wanted.has("status") || wanted.getAll("status").some((s) => s === "all" || s === "open");
  const fresh = new Set();
  const pill = document.getElementById("fresh");
  onEvents((items) => {
    for (const item of items) {
      const row = rows.find((r) => r.dataset.id === item.alert);
      if (row) {
        if (item.kind !== "joined" && row.dataset.status !== item.status) changed(row, item);
      } else if ((item.kind === "opened" || item.kind === "reopened") && showsOpen && lets("severity", item.severity) && lets("rule", item.rule) && lets("channel", item.channel)) {
        fresh.add(item.alert);
      } else if (item.status !== "open") {
        fresh.delete(item.alert);
      }
    }
    if (fresh.size === 0) { pill.hidden = true; return; }
    pill.hidden = false;
    pill.firstElementChild.textContent = `${fresh.size} new, press`;
    say(`${fresh.size} new alerts`);
  });
  function changed(row, item) {
    row.dataset.status = item.status;
    row.classList.add("moved");
    const cell = row.querySelector(".status");
    if (cell) cell.textContent = item.actor ? `${item.status} by ${item.actor}` : item.status;
  }
}
