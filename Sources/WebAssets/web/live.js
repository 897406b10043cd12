// News of changes. Of all tabs of a browser one holds the stream, by a lock; it tells the others over a channel, and when it closes another one
// takes over where it left off. Where there are no locks (plain http in a local network) each tab that is looked at asks every 30 seconds.

import { hearNotices, showNotifications } from "./notices.js";

/** @typedef {{ object: string, record?: string, version?: number, kind?: string, count?: number }} Change */

const eventsAddress = "/api/v1/events";
/** The last sequence that any tab has heard of. */
let lastHeard = 0;
/** What this page shows has changed in these records. @type {Set<string>} */
const changed = new Set();
let uncounted = 0;

function bar() {
  const element = document.getElementById("live");
  return element instanceof HTMLElement ? element : null;
}

/** @param {number} id @param {Change} change */
function hear(id, change) {
  lastHeard = Math.max(lastHeard, id);
  const place = bar();
  if (!place || place.dataset.object !== change.object || id <= Number(place.dataset.sequence)) return;
  if (place.dataset.record === undefined) {
    if (change.record) changed.add(change.record);
    else uncounted += change.count ?? 0;
    const count = changed.size + uncounted;
    say(place, count === 1 ? place.dataset.one ?? "" : (place.dataset.many ?? "").replace("{n}", String(count)));
  } else if (change.record === place.dataset.record) {
    if (change.kind === "deleted") say(place, place.dataset.gone ?? "");
    else markFields(place);
  } else if (change.count) {
    markFields(place);
  }
}

/** @param {HTMLElement} place @param {string} text */
function say(place, text) {
  const words = place.querySelector("span");
  if (words) words.textContent = text;
  place.hidden = false;
}

let isMarking = false;

/** Asks for the page as it is now and marks the fields that read otherwise. @param {HTMLElement} place */
async function markFields(place) {
  if (isMarking) return;
  isMarking = true;
  try {
    const response = await fetch(location.pathname + location.search);
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const labels = [];
    for (const shown of document.querySelectorAll("main [data-field]")) {
      if (!(shown instanceof HTMLElement)) continue;
      const now = page.querySelector(`main [data-field="${CSS.escape(shown.dataset.field ?? "")}"]`);
      if (!now || now.textContent === shown.textContent) continue;
      shown.classList.add("changed");
      if (shown.dataset.label) labels.push(shown.dataset.label);
    }
    const known = page.getElementById("live")?.dataset.sequence;
    if (known && labels.length === 0) { place.dataset.sequence = known; }
    say(place, labels.length ? (place.dataset.many ?? "").replace("{n}", labels.slice(0, 6).join("、")) : place.dataset.one ?? "");
  } catch { /* the next news asks again */ } finally { isMarking = false; }
}

/** A region was drawn anew: it is as new as it says. */
export function refreshLive() {
  changed.clear();
  uncounted = 0;
  lastHeard = Math.max(lastHeard, Number(bar()?.dataset.sequence ?? 0));
}

/** A page that another version of the app made says so, once. @param {string | undefined} version */
function hearVersion(version) {
  const news = document.getElementById("version-news");
  if (!news || !version || version === document.body.dataset.version || news.dataset.dismissed === version) return;
  news.dataset.heard = version;
  news.hidden = false;
}

function listenForVersionNews() {
  document.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("#version-news [data-reload], #version-news [data-dismiss]") : null;
    const news = pressed?.closest("#version-news");
    if (!(pressed instanceof HTMLElement) || !(news instanceof HTMLElement)) return;
    event.preventDefault();
    if (pressed.dataset.reload !== undefined) { location.reload(); return; }
    news.dataset.dismissed = news.dataset.heard;
    news.hidden = true;
  });
}

async function poll() {
  if (document.hidden) return;
  try {
    const response = await fetch(`${eventsAddress}?after=${lastHeard}`, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const answer = await response.json();
    hearVersion(answer.app);
    if (answer.notices) hearNotices(answer.notices);
    for (const change of answer.changes) hear(answer.last, change);
    lastHeard = Math.max(lastHeard, answer.last);
  } catch { /* asked again in a while */ }
}

/** Holds the stream until the tab is closed. @param {BroadcastChannel} channel */
function lead(channel) {
  return new Promise(() => {
    const open = () => {
      const stream = new EventSource(lastHeard > 0 ? `${eventsAddress}?after=${lastHeard}` : eventsAddress);
      stream.addEventListener("change", (event) => {
        const message = { id: Number(event.lastEventId), change: JSON.parse(event.data) };
        channel.postMessage(message);
        hear(message.id, message.change);
      });
      stream.addEventListener("notices", (event) => {
        const notices = JSON.parse(event.data);
        channel.postMessage({ notices });
        hearNotices(notices);
        showNotifications(notices);
      });
      stream.addEventListener("hello", (event) => {
        lastHeard = Math.max(lastHeard, Number(event.lastEventId));
        const { app } = JSON.parse(event.data);
        channel.postMessage({ app });
        hearVersion(app);
      });
      // The browser comes back by itself from a lost connection; a refusal ends it, and is tried again later.
      stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) setTimeout(open, 30000); });
    };
    open();
  });
}

export function listenForNews() {
  if (document.body.classList.contains("alone") || !document.querySelector(".topbar")) return;
  lastHeard = Number(bar()?.dataset.sequence ?? 0);
  listenForVersionNews();
  if (!navigator.locks || typeof BroadcastChannel === "undefined") { setInterval(poll, 30000); return; }
  const channel = new BroadcastChannel("weir-live");
  channel.addEventListener("message", (event) => {
    if (event.data.app) hearVersion(event.data.app);
    else if (event.data.notices) hearNotices(event.data.notices);
    else hear(event.data.id, event.data.change);
  });
  // A page that is left before its turn comes has nothing to lead any more.
  navigator.locks.request("weir-live", () => lead(channel)).catch(() => {});
}
