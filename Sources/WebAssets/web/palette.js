// The search field at the top of every page: what was seen lately, the app's pages, and records as one types. Without this module the field
// is a form that leads to the page of results. Keys and roles follow the ARIA pattern "combobox with list autocomplete".
import { isComposing } from "./keys.js";
import { word } from "./words.js";

/** @typedef {{ title: string, href: string, isOwn?: boolean }} Entry */

const seenKey = "weir-seen";
const mostSeen = 6;

/** @returns {Entry[]} */
function seen() {
  try {
    return JSON.parse(localStorage.getItem(seenKey) ?? "[]");
  } catch { return []; }
}

/** Remembers the record that the page shows; forgets all where somebody signs in. @param {ParentNode} root */
export function rememberSeen(root) {
  try {
    if (document.body.classList.contains("alone")) { localStorage.removeItem(seenKey); return; }
    const head = root.querySelector("[data-recent]");
    if (!(head instanceof HTMLElement)) return;
    const entry = { title: head.textContent ?? "", href: head.dataset.recent ?? "", isOwn: true };
    localStorage.setItem(seenKey, JSON.stringify([entry, ...seen().filter((other) => other.href !== entry.href)].slice(0, mostSeen)));
  } catch { /* no storage: nothing is remembered */ }
}

export function buildPalette() {
  const field = document.querySelector("input[data-search]");
  const form = field?.closest("form");
  if (!(field instanceof HTMLInputElement) || !form) return;
  const list = document.createElement("div");
  list.className = "listbox palette";
  list.id = "search-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.getAttribute("aria-label") ?? "");
  list.hidden = true;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);
  form.append(list);

  /** @type {HTMLElement[]} */
  let options = [];
  let active = -1;
  let asked = 0;
  let timer = 0;

  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  /** @param {number} index */
  const activate = (index) => {
    active = index;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = options[index];
    if (option) { field.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    else field.removeAttribute("aria-activedescendant");
  };
  /** @param {{ label: string, entries: Entry[] }[]} groups */
  const show = (groups) => {
    options = [];
    list.replaceChildren(...groups.filter((group) => group.entries.length > 0).map((group, number) => {
      const part = document.createElement("div");
      part.setAttribute("role", "group");
      const head = document.createElement("div");
      head.className = "palette-head";
      head.id = `search-group-${number}`;
      head.textContent = group.label;
      part.setAttribute("aria-labelledby", head.id);
      part.append(head, ...group.entries.map((entry) => {
        const option = document.createElement("div");
        option.id = `search-option-${options.length}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.href = entry.href;
        option.textContent = entry.title;
        if (entry.isOwn) option.dataset.userContent = "";
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => go(option));
        options.push(option);
        return option;
      }));
      return part;
    }));
    list.hidden = options.length === 0;
    field.setAttribute("aria-expanded", String(options.length > 0));
    activate(-1);
    const status = document.getElementById("status");
    if (status && field.value.trim()) status.textContent = options.length ? `${options.length}` : word("none");
  };
  /** @param {HTMLElement} option */
  const go = (option) => {
    close();
    field.blur();
    location.assign(option.dataset.href ?? "/");
  };
  /** @param {string} text @returns {Entry[]} */
  const pages = (text) => {
    const wanted = text.toLowerCase();
    const links = [...document.querySelectorAll(".rail a[href]")].map((link) => ({ title: link.textContent?.trim() ?? "", href: link.getAttribute("href") ?? "" }));
    const found = links.filter((entry) => entry.title.toLowerCase().includes(wanted));
    const made = text === "" ? [] : found.filter((entry) => entry.href.startsWith("/records/"))
      .map((entry) => ({ title: `${word("new")} · ${entry.title}`, href: `${entry.href}/new` }));
    return [...found, ...made].slice(0, text === "" ? 30 : 6);
  };
  const look = async () => {
    const text = field.value.trim();
    const ticket = ++asked;
    if (text === "") {
      show([{ label: word("recent"), entries: seen() }, { label: word("pages"), entries: pages("") }]);
      return;
    }
    /** @type {{ label: string, entries: Entry[] }[]} */
    let groups = [];
    try {
      const response = await fetch(`/api/v1/search?${new URLSearchParams({ q: text, limit: "5" })}`, { headers: { Accept: "application/json" } });
      if (!response.ok || ticket !== asked) return;
      groups = (await response.json()).groups.map((/** @type {any} */ group) => ({
        label: group.label,
        entries: group.records.map((/** @type {any} */ record) => ({ title: record.title, href: `/records/${record.id}`, isOwn: true })),
      }));
    } catch { return; }
    if (document.activeElement !== field) return;
    const all = { title: word("allResults"), href: `/search?${new URLSearchParams({ q: text })}` };
    show([...groups, { label: word("pages"), entries: [...pages(text), all] }]);
  };

  field.addEventListener("input", (event) => {
    if (/** @type {InputEvent} */ (event).isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  field.addEventListener("compositionend", look);
  field.addEventListener("focus", look);
  field.addEventListener("blur", () => { clearTimeout(timer); asked += 1; close(); });
  field.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { look(); return; }
      activate((active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
    } else if (event.key === "Enter" && !list.hidden && options[active]) {
      event.preventDefault();
      go(options[active]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (list.hidden) field.blur();
      close();
    }
  });
}

/** Puts the cursor into the search. @returns {boolean} whether there is one */
export function focusSearch() {
  const field = document.querySelector("input[data-search]");
  if (!(field instanceof HTMLInputElement)) return false;
  field.focus();
  field.select();
  return true;
}
