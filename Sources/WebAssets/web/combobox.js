// A choice of one record out of many: the <select> that the server wrote stays and holds the value, a text field searches for more.
// Keys and roles follow the ARIA pattern "combobox with list autocomplete".
import { isComposing, onEnter } from "./keys.js";
import { word } from "./words.js";

/** @param {ParentNode} root */
export function buildComboboxes(root) {
  for (const box of root.querySelectorAll("[data-combobox]:not([data-built])")) {
    const select = box.querySelector("select");
    if (box instanceof HTMLElement && select) build(box, select);
  }
}

/** @typedef {{ id: string, label: string }} Choice */

/** @param {HTMLElement} box @param {HTMLSelectElement} select */
function build(box, select) {
  box.dataset.built = "";
  box.querySelector(".combobox-find")?.remove();
  const input = document.createElement("input");
  input.type = "text";
  input.id = select.id;
  input.autocomplete = "off";
  input.spellcheck = false;
  input.value = select.value ? select.selectedOptions[0]?.text ?? "" : "";
  for (const name of ["aria-describedby", "aria-invalid", "aria-required", "aria-label"]) {
    const value = select.getAttribute(name);
    if (value !== null) input.setAttribute(name, value);
  }
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  const list = document.createElement("div");
  list.className = "listbox";
  list.id = `${select.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label ?? "");
  list.hidden = true;
  input.setAttribute("aria-controls", list.id);
  select.removeAttribute("id");
  select.hidden = true;
  box.append(input, list);

  /** @type {Choice[]} */
  let choices = [];
  let active = -1;
  let asked = 0;
  let timer = 0;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  /** @param {number} index */
  const activate = (index) => {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = list.children[index];
    if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  };
  /** @param {Choice | null} choice */
  const choose = (choice) => {
    if (choice && ![...select.options].some((option) => option.value === choice.id)) select.add(new Option(choice.label, choice.id));
    select.value = choice?.id ?? "";
    input.value = choice?.label ?? "";
    close();
  };
  const show = () => {
    list.replaceChildren(...choices.map((choice, index) => {
      const option = document.createElement("div");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = choice.label;
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(choice));
      return option;
    }));
    const status = document.getElementById("status");
    if (status) status.textContent = choices.length ? `${choices.length}` : word("none");
    list.hidden = choices.length === 0;
    input.setAttribute("aria-expanded", String(choices.length > 0));
    activate(-1);
  };
  const look = async () => {
    const ticket = ++asked;
    const url = new URL(box.dataset.combobox ?? "", location.href);
    url.searchParams.set("q", input.value.trim());
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (!response.ok || ticket !== asked) return;
      choices = await response.json();
      if (document.activeElement === input) show();
    } catch { /* the list stays closed; the choice that stands is kept */ }
  };

  input.addEventListener("input", (event) => {
    if (/** @type {InputEvent} */ (event).isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(look, 200);
  });
  input.addEventListener("compositionend", look);
  input.addEventListener("click", () => { if (list.hidden) look(); });
  input.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { look(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      activate((active + step + choices.length) % choices.length);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  onEnter(input, (event) => {
    const choice = choices[active];
    if (list.hidden || !choice) return;
    event.preventDefault();
    choose(choice);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    asked += 1;
    const text = input.value.trim();
    const chosen = select.value ? select.selectedOptions[0]?.text ?? "" : "";
    if (text === chosen) { close(); return; }
    const exact = choices.find((choice) => choice.label === text);
    if (text === "" || exact) choose(exact ?? null);
    else { input.value = chosen; close(); }
  });
}
