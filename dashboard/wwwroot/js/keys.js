// Single keys. Ignored in fields, with modifiers, while composing, and when turned off (WCAG 2.1.4).
const single = new Map();
const chords = new Map();
let open = null;
let timer = 0;

/** Does something on a key: "j", "Enter", "Shift+V". */
export function on(key, act) { single.set(key, act); }

/** Does something on a key after another: onChord("g", {q: act}, shown, hidden). */
export function onChord(first, acts, shown = () => {}, hidden = () => {}) { chords.set(first, { acts, shown, hidden }); }

function close() {
  clearTimeout(timer);
  if (open) { const was = open; open = null; was.hidden(); }
}

const isField = (target) => target instanceof HTMLElement
  && (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])"));

export function startKeys() {
  onChord("g", {
    h: () => location.assign("/"),
    q: () => location.assign("/alerts"),
    m: () => location.assign("/messages"),
    r: () => location.assign("/rules"),
    u: () => location.assign("/quarantine"),
    j: () => location.assign("/jobs"),
    e: () => location.assign("/health"),
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (open) { close(); event.preventDefault(); return; }
      if (isField(event.target)) event.target.blur();
      return;
    }
    if (document.documentElement.dataset.keys === "off" || isField(event.target) || document.querySelector("dialog[open]")) return;
    const letter = /^[A-Z]$/.test(event.key) && event.shiftKey ? `Shift+${event.key}` : event.key;
    if (open) {
      const act = open.acts[event.key];
      close();
      if (act) { event.preventDefault(); act(); return; }
    }
    if (chords.has(letter)) {
      open = chords.get(letter);
      open.shown();
      timer = setTimeout(close, 5000);
      event.preventDefault();
      return;
    }
    // Enter and Space belong to whatever has the focus, if it is a control.
    if (event.key === "Enter" && event.target instanceof Element && event.target.closest("a, button, summary")) return;
    const act = single.get(letter);
    if (act) { event.preventDefault(); act(); return; }
    document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`)?.click();
  });
}
