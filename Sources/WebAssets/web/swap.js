// Links and forms with data-swap="#region" ask for the same address and replace only that region of this page by that of the answer, so there is
// one way of drawing things. Whatever does not fit falls back to an ordinary visit.
import { showModal } from "./dialog.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

/** @type {((root: Element) => void)[]} */
const observers = [];
let address = location.pathname + location.search;

/** @param {(root: Element) => void} act */
export function onRegionReplaced(act) {
  observers.push(act);
}

/** For parts that a module puts into the page by itself. @param {Element} root */
export function regionReplaced(root) {
  for (const act of observers) act(root);
}

/**
 * @param {string} url @param {string} selector @param {RequestInit} [request]
 * @returns {Promise<boolean>} whether the answer came; what the person entered is kept if not
 */
export async function swap(url, selector, request = {}) {
  const region = document.querySelector(selector);
  if (!region) { location.assign(url); return true; }
  region.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { credentials: "same-origin", ...request });
    const type = response.headers.get("Content-Type") ?? "";
    const page = type.startsWith("text/html") ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
    const modal = selector === "#main" ? page?.querySelector("[data-modal]") : null;
    if (modal) {
      showModal(modal);
      regionReplaced(modal);
      return true;
    }
    const fresh = page?.querySelector(selector);
    if (!page || !fresh) {
      if (response.ok) location.assign(response.url);
      else { showWhole(page, response); }
      return true;
    }
    replace(region, document.adoptNode(fresh));
    if (selector === "#main") followFrame(page);
    document.title = page.title;
    remember(response, request.method ?? "GET");
    return true;
  } catch {
    toast(word("offline"), "bad");
    return false;
  } finally {
    region.removeAttribute("aria-busy");
  }
}

/** A refusal that is a page of its own is shown as that page. @param {Document | null} page @param {Response} response */
function showWhole(page, response) {
  const main = page?.querySelector("main");
  const ours = document.querySelector("main");
  if (main && ours) {
    replace(ours, document.adoptNode(main));
    document.title = page?.title ?? document.title;
  } else {
    toast(`${word("failed")} (${response.status})`, "bad");
  }
}

/** Where one is and how to come back stands around the main part too. @param {Document} page */
function followFrame(page) {
  for (const selector of [".rail", ".bottom-bar", ".topbar-end"]) {
    const old = document.querySelector(selector);
    const fresh = page.querySelector(selector);
    if (!old || !fresh || old.contains(document.activeElement)) continue;
    const scrolled = old.querySelector("ul")?.scrollTop ?? 0;
    old.replaceWith(document.adoptNode(fresh));
    const list = fresh.querySelector("ul");
    if (list) list.scrollTop = scrolled;
  }
}

/** Keeps focus where it was if that is still there. @param {Element} old @param {Element} fresh */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : null;
  const places = [...old.querySelectorAll("[data-scroll]")].map((part) => ({ id: part.id, left: part.scrollLeft, top: part.scrollTop }));
  old.replaceWith(fresh);
  for (const { id, left, top } of places) {
    const part = document.getElementById(id);
    if (part?.dataset.scroll !== undefined) part.scrollTo({ left, top, behavior: "instant" });
  }
  regionReplaced(fresh);
  const wanted = fresh.querySelector("[data-focus]");
  const again = wanted ?? (focused ? document.getElementById(focused) : null);
  if (again instanceof HTMLElement) again.focus({ preventScroll: !wanted });
  const status = document.getElementById("status");
  const news = fresh.querySelector("[data-announce]") ?? (fresh.matches("[data-announce]") ? fresh : null);
  if (status && news instanceof HTMLElement) status.textContent = news.dataset.announce ?? "";
}

/** @param {Response} response @param {string} method */
function remember(response, method) {
  const url = new URL(response.url);
  const now = url.pathname + url.search;
  if (now === address || (method !== "GET" && !response.redirected)) return;
  history.pushState(null, "", now);
  address = now;
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
function requestOf(form, submitter) {
  const data = new FormData(form, submitter);
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  const url = new URL(action, location.href);
  if (form.method === "get") {
    url.search = new URLSearchParams(/** @type {any} */ ([...data].filter(([, value]) => value !== ""))).toString();
    return { url: url.href, request: {} };
  }
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(/** @type {any} */ ([...data]));
  return { url: url.href, request: { method: "POST", body } };
}

export function listenForSwaps() {
  document.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-swap]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    await swap(link.href, link.dataset.swap ?? "main");
  });

  document.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) return;
    const form = /** @type {HTMLFormElement} */ (event.target);
    const submitter = /** @type {HTMLElement | null} */ (event.submitter);
    // A second press while the first is under way is not a second request.
    if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
    const selector = submitter?.dataset.swap ?? form.dataset.swap;
    if (selector === undefined) {
      if (form.method === "post") mark(form, true);
      return;
    }
    event.preventDefault();
    const { url, request } = requestOf(form, submitter);
    mark(form, true);
    await swap(url, selector, request);
    mark(form, false);
  });

  // Coming back by the browser's memory finds forms as they were when they were sent.
  addEventListener("pageshow", () => { for (const form of document.forms) mark(form, false); });
  addEventListener("popstate", () => { if (location.pathname + location.search !== address) location.reload(); });
}

/** @param {HTMLFormElement} form @param {boolean} sent */
function mark(form, sent) {
  if (sent) form.dataset.sent = "";
  else delete form.dataset.sent;
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    if (sent) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}
