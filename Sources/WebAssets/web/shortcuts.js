// Single keys, where the person has not switched them off (<body data-keys>). They rest while one types, composes, or has a dialog open,
// and leave every combination of the browser alone.
import { isComposing } from "./keys.js";
import { focusSearch } from "./palette.js";
import { word } from "./words.js";

/** The key that opened a sequence, and when. */
let first = { key: "", at: 0 };
const sequenceMilliseconds = 1200;

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input:not([type=checkbox],[type=radio]), textarea, select, [role=combobox], dialog[open]") !== null);
}

/** @param {string} selector */
function press(selector) {
  const element = document.querySelector(selector);
  if (!(element instanceof HTMLElement)) return false;
  element.click();
  return true;
}

/** @param {number} step */
function moveRow(step) {
  const rows = [...document.querySelectorAll("main [data-row]")].filter((row) => row instanceof HTMLAnchorElement || row.querySelector("a"));
  const links = rows.map((row) => (row instanceof HTMLAnchorElement ? row : row.querySelector("a"))).filter((link) => link !== null);
  if (links.length === 0) return false;
  const here = links.findIndex((link) => link === document.activeElement || link.closest("tr, li")?.contains(document.activeElement));
  const next = links[Math.min(links.length - 1, Math.max(0, here === -1 ? (step > 0 ? 0 : links.length - 1) : here + step))];
  if (next instanceof HTMLElement) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: "nearest" }); }
  return true;
}

function selectRow() {
  const box = document.activeElement?.closest("tr, li")?.querySelector("input[type=checkbox]");
  if (!(box instanceof HTMLElement)) return false;
  box.click();
  return true;
}

function goToStage() {
  const stage = document.querySelector("#advance, .stage.previewed, .path .stage.current, .path .stage");
  if (!(stage instanceof HTMLElement)) return false;
  stage.focus();
  return true;
}

async function showList() {
  const old = document.getElementById("shortcut-dialog");
  if (old instanceof HTMLDialogElement) { old.close(); return; }
  const response = await fetch(document.body.dataset.keys ?? "");
  const list = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("shortcut-list");
  if (!list) return;
  const dialog = document.createElement("dialog");
  dialog.id = "shortcut-dialog";
  dialog.setAttribute("aria-label", word("shortcuts"));
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button";
  close.textContent = word("close");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  list.classList.remove("card");
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(close);
  dialog.append(document.adoptNode(list), actions);
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

/** @param {string} key @returns {boolean} whether the key meant something here */
function act(key) {
  const isSecond = first.key === "g" && performance.now() - first.at < sequenceMilliseconds;
  first = { key: isSecond ? "" : key, at: performance.now() };
  if (isSecond) {
    switch (key) {
      case "l": return focusSearch();
      case "h": return press(".rail a[href='/']");
      case "t": return press(".rail a[href='/tasks']");
    }
  }
  switch (key) {
    case "/": return focusSearch();
    case "?": showList(); return true;
    case "c": return press("[data-key=c]") || (location.assign("/new"), true);
    case "e": return press("[data-key=e]");
    case "j": return moveRow(1);
    case "k": return moveRow(-1);
    case "x": return selectRow();
    case "m": return goToStage();
  }
  return false;
}

export function listenForShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.body.dataset.keys === undefined || event.repeat && event.key !== "j" && event.key !== "k") return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (act(event.key)) event.preventDefault();
  });
}
