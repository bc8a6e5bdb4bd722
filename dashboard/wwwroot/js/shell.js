// What every page has: the list of keys, menus, the notice, and the line that is read out.
import { on } from "./keys.js";

/** Says something to screen readers, politely. */
export function say(words) {
  const line = document.getElementById("said");
  if (line) { line.textContent = ""; requestAnimationFrame(() => { line.textContent = words; }); }
}

function openKeys() {
  const dialog = document.getElementById("keys");
  if (dialog && !dialog.open) dialog.showModal();
}

export function startShell() {
  for (const link of document.querySelectorAll("[data-dialog=keys]")) {
    link.addEventListener("click", (event) => { event.preventDefault(); openKeys(); });
  }
  on("?", openKeys);
  document.getElementById("keys")?.addEventListener("click", (event) => { if (event.target === event.currentTarget) event.currentTarget.close(); });

  const menus = [...document.querySelectorAll("details.menu, details.pick")];
  for (const menu of menus) {
    menu.addEventListener("toggle", () => { if (menu.open) menus.forEach((other) => { if (other !== menu) other.open = false; }); });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); event.stopPropagation(); }
    });
  }
  document.addEventListener("click", (event) => { menus.forEach((menu) => { if (menu.open && !menu.contains(event.target)) menu.open = false; }); });

  for (const toast of document.querySelectorAll(".toast")) {
    const dismiss = toast.querySelector("[data-dismiss]");
    dismiss.hidden = false;
    dismiss.addEventListener("click", () => toast.remove());
    const left = Date.parse(toast.dataset.until) - (Date.parse(document.body.dataset.now ?? "") || Date.now());
    // Somebody who stands on it is not cut off.
    const end = () => { if (toast.matches(":focus-within, :hover")) setTimeout(end, 1000); else toast.remove(); };
    setTimeout(end, Math.max(0, left));
  }
}
