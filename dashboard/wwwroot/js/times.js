// Times come as UTC; they are shown in the reader's zone with its offset. Shift+U flips.
import { on } from "./keys.js";
import { say } from "./shell.js";

let utc = false;
try { utc = localStorage.getItem("utc") === "yes"; } catch { /* storage may be closed */ }

const formats = new Map();
function format(show) {
  const key = show + utc;
  if (!formats.has(key)) {
    const zone = utc ? { timeZone: "UTC" } : {};
    formats.set(key, new Intl.DateTimeFormat("en-GB", show === "full"
      ? { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "shortOffset", ...zone }
      : { hour: "2-digit", minute: "2-digit", timeZoneName: "shortOffset", ...zone }));
  }
  return formats.get(key);
}

export function age(milliseconds) {
  const s = milliseconds / 1000;
  if (s < 5) return "now";
  if (s < 60) return `${Math.floor(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 172800) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} d`;
}

const ago = (milliseconds) => milliseconds < 5000 ? "just now" : `${age(milliseconds)} ago`;

// Ages count from the server's clock: the page knows when it was made.
const made = Date.parse(document.body.dataset.now ?? "") || Date.now();
const start = performance.now();
export const now = () => made + performance.now() - start;

/** Writes the times of a part of the page in the reader's zone. */
export function showTimes(root = document) {
  for (const time of root.querySelectorAll("time[data-show]")) {
    const at = Date.parse(time.dateTime);
    const full = format("full").format(at);
    const words = time.dataset.show === "age" ? age(now() - at) : time.dataset.show === "ago" ? ago(now() - at) : time.dataset.show === "full" ? full : format("hour").format(at);
    if (time.textContent !== words) time.textContent = words;
    time.title = full;
  }
}

export function startTimes() {
  showTimes();
  setInterval(() => { if (!document.hidden) showTimes(); }, 20000);
  on("Shift+U", () => {
    utc = !utc;
    try { localStorage.setItem("utc", utc ? "yes" : "no"); } catch { /* not kept, then */ }
    showTimes();
    say(utc ? "Times in UTC" : "Times in your zone");
  });
}
