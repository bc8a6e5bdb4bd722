// Everything here is a help: each page works without it.
import { startTimes } from "./times.js";
import { on, startKeys } from "./keys.js";
import { startShell } from "./shell.js";
import { startQueue } from "./queue.js";
import { startAlert } from "./alert.js";
import { startJobs } from "./jobs.js";
import { startLive } from "./live.js";

document.documentElement.classList.add("scripted");
startTimes();
startShell();
startKeys();
const page = document.querySelector("[data-page]");
if (page?.dataset.page === "queue") startQueue(page);
if (page?.dataset.page === "alert") startAlert(page);
if (page?.dataset.page === "jobs" || page?.dataset.page === "job") startJobs(page);
if (page?.dataset.page === "messages") on("/", () => document.getElementById("q").select());
startLive();
