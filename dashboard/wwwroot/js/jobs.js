// Jobs at work: once a second, while the page is in sight, their numbers are asked for and put in their places. Focus and scroll stay.
import { say } from "./shell.js";
import { showTimes } from "./times.js";

const EVERY = 1000;
const WAITING = 5000; // a row that waits in the list, and after a failure
const REGIONS_EVERY = 3000;
const SAY_EVERY = 10000;
const PICTURES = { queued: "clock", running: "retry", paused: "held", finished: "check", failed: "warning" };

const count = (n) => n.toLocaleString("en-GB");

function part(seconds) {
  if (seconds < 90) return [Math.ceil(seconds), "s"];
  if (seconds < 5400) return [Math.ceil(seconds / 60), "min"];
  if (seconds < 172800) return [Math.ceil(seconds / 3600), "h"];
  return [Math.ceil(seconds / 86400), "d"];
}

/** A range of times left, as JobWords.Left writes it. */
export function left(eta) {
  if (!eta) return "";
  const [[first, unit], [last, lastUnit]] = [part(eta.soonest), part(eta.latest)];
  if (first === last && unit === lastUnit) return `about ${first} ${unit}`;
  return unit === lastUnit ? `${first} to ${last} ${unit}` : `${first} ${unit} to ${last} ${lastUnit}`;
}

function stateWords(job) {
  if (job.state === "running" && job.request) return job.request === "pause" ? "Pausing" : "Cancelling";
  return job.state[0].toUpperCase() + job.state.slice(1);
}

const isLive = (job) => job.state === "queued" || job.state === "running";
const key = (job) => `${job.state} ${job.request ?? ""}`;

function watch(box, isPage) {
  const place = (name) => box.querySelector(`[data-f=${name}]`);
  const put = (name, words) => { const to = place(name); if (to && to.textContent !== words) to.textContent = words; };
  const title = place("title").textContent;
  const none = isPage ? "–" : "";
  let before = `${box.dataset.state} `; // as the page was made: what has changed since then counts
  let tenth = -1;
  let saidAt = 0;
  let regionsAt = 0;
  let results = null;
  let timer = 0;

  function show(job) {
    const bar = place("bar");
    const planned = job.planned ?? null; // left out or null while it is not known
    if (planned !== null) {
      bar.max = Math.max(1, planned);
      bar.value = Math.max(bar.value, planned === 0 ? 1 : job.processed);
    }
    const percent = planned === null ? null : planned === 0 ? 100 : Math.min(100, Math.floor(job.processed * 100 / planned));
    put("percent", percent !== null ? `${percent}\u00a0%` : job.state === "running" ? "counting" : "–");
    put("processed", count(job.processed));
    place("processed").dataset.count = String(job.processed);
    put("planned", planned === null ? "…" : count(planned));
    for (const name of ["done", "skipped", "failed"]) put(name, count(job[name]));
    place("failed").classList.toggle("late", job.failed > 0);
    put("gained", count(job.matches.gained));
    put("lost", count(job.matches.lost));
    put("rate", job.rate > 0 ? `${count(Math.ceil(job.rate))}/s` : none);
    put("left", left(job.eta) || none);
    const state = place("state");
    state.lastElementChild.textContent = stateWords(job);
    state.className = `status job-state ${job.state}`;
    state.querySelector("use").setAttribute("href", `/icons.svg#${PICTURES[job.state] ?? "cross"}`);
    bar.parentElement.className = `job-bar ${job.state}`;
    box.dataset.state = job.state;
    tell(job, percent);
    if (isPage) renew(job);
    before = key(job);
    if (!isLive(job)) delete box.dataset.live;
  }

  // What changes is read out, but not every second.
  function tell(job, percent) {
    if (before !== key(job)) {
      say(isLive(job) ? `${title}: ${stateWords(job)}` : `${title}: ${stateWords(job)}. ${count(job.matches.gained)} gained, ${count(job.matches.lost)} lost, ${count(job.failed)} failed`);
      saidAt = Date.now();
    } else if (isPage && percent !== null && Math.floor(percent / 10) > tenth && Date.now() - saidAt > SAY_EVERY) {
      if (tenth >= 0) { say(`${title}: ${percent} %`); saidAt = Date.now(); }
      tenth = Math.floor(percent / 10);
    }
  }

  // Lists and buttons come from the page itself, whenever what they show has changed.
  function renew(job) {
    const now = JSON.stringify([job.matches, job.failed, job.note, job.startedAt]);
    const changed = before !== key(job) || (results !== null && results !== now && Date.now() - regionsAt > REGIONS_EVERY);
    if (changed || results === null) results = now;
    if (!changed) return;
    regionsAt = Date.now();
    regions();
  }

  async function regions() {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const region of box.querySelectorAll("[data-region]")) {
        const other = fresh.querySelector(`[data-region=${region.dataset.region}]`);
        if (!other || other.innerHTML === region.dataset.shown) continue;
        region.dataset.shown = other.innerHTML;
        const swap = () => { region.replaceChildren(...other.childNodes); showTimes(region); };
        if (region.contains(document.activeElement)) region.addEventListener("focusout", swap, { once: true }); // nobody loses the place where they are
        else swap();
      }
    } catch { /* the next change asks again */ }
  }

  async function ask() {
    clearTimeout(timer);
    if (document.hidden || !box.dataset.live) return;
    let went = false;
    try {
      const answer = await fetch(`/api/v1/jobs/${box.dataset.job}`, { headers: { Accept: "application/json" } });
      if (answer.ok) { show(await answer.json()); went = true; }
    } catch { /* told below */ }
    const line = place("offline");
    if (line) line.hidden = went;
    timer = setTimeout(ask, went && (isPage || box.dataset.state === "running") ? EVERY : WAITING);
  }

  document.addEventListener("visibilitychange", ask);
  ask();
}

// New jobs come to the top, and rows that were at rest are taken anew when their state has changed. A row that holds the focus waits.
function follow(page) {
  const rows = (of) => [...of.querySelectorAll("tbody [data-job]")];
  async function look() {
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        const fresh = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
        const body = page.querySelector("table.jobs tbody");
        if (!body && rows(fresh).length > 0 && document.activeElement === document.body) location.reload();
        for (const row of body ? rows(fresh).reverse() : []) {
          const old = body.querySelector(`[data-job="${row.dataset.job}"]`);
          if (old && (old.dataset.live || old.dataset.state === row.dataset.state || old.contains(document.activeElement))) continue;
          if (old) old.replaceWith(row);
          else body.prepend(row);
          showTimes(row);
          if (row.dataset.live) watch(row, false);
        }
      } catch { /* the next look asks again */ }
    }
    setTimeout(look, WAITING);
  }
  setTimeout(look, WAITING);
}

export function startJobs(page) {
  if (page.dataset.job) {
    if (page.dataset.live) watch(page, true);
    return;
  }
  for (const row of page.querySelectorAll("[data-job][data-live]")) watch(row, false);
  if (!new URLSearchParams(location.search).has("after")) follow(page);
}
