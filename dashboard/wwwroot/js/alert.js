// The page of an alert: evidence, decisions by keys, and the note that is never lost.
import { on, onChord } from "./keys.js";
import { say } from "./shell.js";
import { onEvents } from "./live.js";

export function startAlert(page) {
  // Evidence, one after the other.
  const marks = [...page.querySelectorAll("mark[id]")];
  let at = -1;
  const step = (by) => {
    if (marks.length === 0) return;
    at = at < 0 ? (by > 0 ? 0 : marks.length - 1) : (at + by + marks.length) % marks.length;
    show(marks[at]);
  };
  function show(mark) {
    const zone = mark.closest("details");
    if (zone) zone.open = true;
    mark.scrollIntoView({ block: "center" });
    marks.forEach((other) => other.classList.toggle("current", other === mark));
    mark.tabIndex = -1;
    mark.focus({ preventScroll: true });
    say(`Evidence ${mark.dataset.cond}`);
  }
  on("v", () => step(1));
  on("Shift+V", () => step(-1));
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-jump]");
    const mark = link && document.getElementById(link.hash.slice(1));
    if (mark) { event.preventDefault(); at = marks.indexOf(mark); show(mark); }
  });
  on("w", () => { const why = document.getElementById("why-title"); why.scrollIntoView({ block: "start" }); why.focus({ preventScroll: true }); });

  // The matched message is what one came for.
  const matched = page.querySelector(".message.shown");
  const box = page.querySelector(".left");
  if (!location.hash && matched && box.scrollHeight > box.clientHeight + 1) {
    box.scrollTop += matched.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom + 90;
  }

  const note = document.getElementById("note");
  on("n", () => note?.focus());
  const form = document.getElementById("decide");
  if (form) {
    for (const key of ["f", "t"]) {
      const group = form.querySelector(`[data-group=${key}]`);
      const acts = {};
      for (const button of group.querySelectorAll("button")) {
        acts[button.dataset.key.slice(1)] = () => button.click();
      }
      onChord(key, acts, () => { group.classList.add("armed"); say(group.innerText.replaceAll("\n", " ")); }, () => group.classList.remove("armed"));
    }
    on("e", () => {
      if (note.value.trim() === "") { note.focus(); say("Write a note first; then escalate."); } else form.querySelector(".escalate").click();
    });
    form.addEventListener("submit", (event) => {
      if (event.submitter?.value === "escalate" && note.value.trim() === "") {
        event.preventDefault();
        note.setCustomValidity("An escalation needs a note.");
        note.reportValidity();
        note.addEventListener("input", () => note.setCustomValidity(""), { once: true });
        return;
      }
      // Twice the same key decides once.
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      form.setAttribute("aria-busy", "true");
    });
    addEventListener("pageshow", () => { delete form.dataset.sent; form.removeAttribute("aria-busy"); });
    // What is typed survives a reload of this tab.
    const place = `note:${page.dataset.id}`;
    try {
      if (note.value === "") note.value = sessionStorage.getItem(place) ?? "";
      note.addEventListener("input", () => sessionStorage.setItem(place, note.value));
      form.addEventListener("submit", () => sessionStorage.removeItem(place));
    } catch { /* then it does not */ }
  }

  // Somebody else was faster: say so before the form does.
  onEvents((items) => {
    const other = items.find((item) => item.alert === page.dataset.id && item.kind !== "opened");
    if (!other || page.querySelector("[data-testid=moved]")) return;
    const banner = document.createElement("p");
    banner.className = "banner";
    banner.setAttribute("role", "status");
    banner.dataset.testid = "moved";
    banner.append(other.kind === "joined" ? "Another match has joined this alert. " : `${other.actor ?? "The engine"} changed this alert: ${other.status} now. `);
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Load it again";
    banner.append(link);
    page.querySelector(".columns").before(banner);
  });
}
