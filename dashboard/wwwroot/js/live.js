// One stream for all tabs of the browser: the tab in sight holds a lock and the stream, and shares what comes.
// Where streams are blocked, it asks every 15 seconds.
const listeners = new Set();
/** Calls with what happened to alerts, at most once a second. */
export function onEvents(listener) { listeners.add(listener); }

let known = 0;
let waiting = [];
let timer = 0;
let last = 0;
let pause = 0;

function take(items) {
  for (const item of items) {
    if (item.sequence > known) { known = item.sequence; waiting.push(item); }
  }
  if (waiting.length > 0 && !timer) timer = setTimeout(tell, Math.max(0, 1000 - (Date.now() - last)));
}

function tell() {
  timer = 0;
  last = Date.now();
  const items = waiting;
  waiting = [];
  count(items);
  listeners.forEach((listener) => listener(items));
}

// The number beside "Alerts".
function count(items) {
  const badge = document.querySelector("[data-counter=open]");
  if (!badge || badge.textContent.endsWith("+")) return;
  let open = Number(badge.dataset.count);
  for (const item of items) {
    if (item.kind === "opened" || item.kind === "reopened") open++;
    else if (item.kind === "decided" || item.kind === "escalated") open--;
    else if (item.kind === "undone" && item.status === "open") open++;
  }
  badge.dataset.count = String(Math.max(0, open));
  badge.textContent = Math.max(0, open).toLocaleString("en-GB");
}

function state(name, words) {
  const line = document.getElementById("live-state");
  if (!line) return;
  line.hidden = false;
  line.dataset.state = name;
  line.querySelector("span").textContent = words;
}

export function startLive() {
  const url = document.body.dataset.live;
  if (!url) return;
  known = Number(document.body.dataset.sequence);
  const others = "BroadcastChannel" in self ? new BroadcastChannel("surveillance.events") : null;
  if (others) others.onmessage = (event) => { take(event.data); state("live", "Live"); };
  let stop = null;

  const share = (items) => { take(items); others?.postMessage(items); };

  async function ask() {
    try {
      const answer = await fetch(`${url}/since?after=${known}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      share((await answer.json()).items);
      return true;
    } catch {
      return false;
    }
  }

  // Resolves when the tab goes out of sight.
  function hold(signal) {
    holding = true;
    return new Promise((done) => {
      let failures = 0;
      let stream = null;
      let retry = 0;
      const end = () => { stream?.close(); clearTimeout(retry); done(); };
      signal.addEventListener("abort", end, { once: true });
      function connect() {
        stream = new EventSource(`${url}?after=${known}`);
        stream.addEventListener("hello", () => { failures = 0; state("live", "Live"); });
        stream.addEventListener("alert", (event) => share([JSON.parse(event.data)]));
        stream.onerror = () => {
          stream.close();
          failures++;
          if (signal.aborted) return;
          state("offline", "Live updates paused, retrying in 5 s");
          retry = setTimeout(failures > 2 ? poll : connect, 5000);
        };
      }
      async function poll() {
        if (signal.aborted) return;
        const went = await ask();
        state(went ? "polling" : "offline", went ? "Updates every 15 s" : "Live updates paused, retrying in 15 s");
        retry = setTimeout(poll, 15000);
      }
      connect();
    });
  }

  // A tab that waits for the lock hears the others; what they told before it listened it asks for once.
  let holding = false;
  setTimeout(async () => { if (!holding && !document.hidden && await ask()) state("live", "Live"); }, 1500);

  async function lead() {
    if (document.hidden || stop) return;
    const control = new AbortController();
    stop = control;
    try {
      if ("locks" in navigator) await navigator.locks.request("surveillance.events", { signal: control.signal }, () => hold(control.signal));
      else await hold(control.signal);
    } catch { /* given up while waiting for the lock */ }
    if (stop === control) stop = null;
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(pause);
    if (document.hidden) pause = setTimeout(() => { stop?.abort(); stop = null; }, 3000);
    else lead();
  });
  addEventListener("pagehide", () => { stop?.abort(); stop = null; });
  addEventListener("pageshow", lead);
  lead();
}
