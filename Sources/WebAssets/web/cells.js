// Cells of a list are edited in place: the form of one field, which is a page of its own without scripts, is fetched into the cell. Enter saves,
// Esc restores, Tab saves and goes on; what stands against it stays in the cell.
import { regionReplaced } from "./swap.js";
import { showModal } from "./dialog.js";
import { isComposing, onEnter } from "./keys.js";
import { adoptToasts, toast } from "./toast.js";
import { word } from "./words.js";

/** @param {Element} inside @returns {HTMLTableCellElement | null} */
function cellAt(inside) {
  const cell = inside.closest("table[data-cells] tbody td:not(.pick)");
  return cell instanceof HTMLTableCellElement ? cell : null;
}

/** @param {HTMLTableCellElement} cell */
function cellParts(cell) {
  const row = /** @type {HTMLTableRowElement} */ (cell.parentElement);
  const table = /** @type {HTMLTableElement} */ (cell.closest("table"));
  const head = table.tHead?.rows[0]?.cells[cell.cellIndex];
  const name = (table.dataset.columns ?? "").split(",")[cell.cellIndex - 2] ?? "";
  return { row, table, name, label: head?.textContent?.trim() ?? "", why: head?.dataset.fixed };
}

/** @param {HTMLTableCellElement} cell */
function isCellOpen(cell) { return cell.querySelector(".cell-form") !== null; }

/** The next cell of the row, then of the following rows, that can be edited. @param {HTMLTableCellElement} cell @param {number} step */
function nextCell(cell, step) {
  const all = [...(cell.closest("tbody")?.querySelectorAll("td:not(.pick)") ?? [])];
  for (let at = all.indexOf(cell) + step; at >= 0 && at < all.length; at += step) {
    const next = all[at];
    if (next instanceof HTMLTableCellElement && cellParts(next).why === undefined && next.offsetParent !== null) return next;
  }
  return null;
}

/** @param {Response} response */
async function readPage(response) {
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** @param {HTMLTableCellElement} cell */
async function openCell(cell) {
  if (isCellOpen(cell)) return;
  const { row, table, name, label, why } = cellParts(cell);
  if (why !== undefined) { toast(`${label}: ${why}`, "bad"); return; }
  const back = location.pathname + location.search;
  cell.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(`${table.dataset.cells}/${row.dataset.row}/cell/${encodeURIComponent(name)}?_back=${encodeURIComponent(back)}`);
    const page = await readPage(response);
    const form = page.querySelector("#record-form");
    if (form instanceof HTMLElement) showCell(cell, /** @type {HTMLFormElement} */ (form), [...cell.childNodes]);
    else toast(page.querySelector("main h1")?.textContent ?? word("failed"), "bad");
  } catch {
    toast(word("offline"), "bad");
  } finally {
    cell.removeAttribute("aria-busy");
  }
}

/** @param {HTMLTableCellElement} cell @param {HTMLFormElement} fetched @param {ChildNode[]} old  what stood in the cell */
function showCell(cell, fetched, old) {
  const form = document.adoptNode(fetched);
  form.removeAttribute("id");
  form.removeAttribute("data-swap");
  form.classList.add("cell-form");
  form.querySelector(".form-end")?.remove();
  form.querySelector("#errors")?.remove();
  cell.replaceChildren(form);
  regionReplaced(form);
  const before = new URLSearchParams(/** @type {any} */ (new FormData(form))).toString();
  let busy = false;

  const restore = () => { cell.replaceChildren(...old); };
  /** @param {number} step where to go on; 0 stays */
  const save = async (step) => {
    if (busy) return;
    const { row, table } = cellParts(cell);
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    if (body.toString() === before && !form.querySelector(".error")) {
      restore();
      leaveCell(row, cell.cellIndex, step);
      return;
    }
    body.set("_row", "yes");
    body.set("_columns", table.dataset.columns ?? "");
    busy = true;
    cell.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.action, { method: "POST", body });
      const page = await readPage(response);
      const fresh = page.querySelector("tr[data-row]");
      const again = page.querySelector("#record-form");
      const modal = page.querySelector("[data-modal]");
      if (response.ok && fresh instanceof HTMLTableRowElement) {
        const index = cell.cellIndex;
        const placed = document.adoptNode(fresh);
        const picked = row.querySelector(".pick input"), box = placed.querySelector(".pick input");
        if (picked instanceof HTMLInputElement && box instanceof HTMLInputElement) box.checked = picked.checked;
        row.replaceWith(placed);
        placed.cells[index]?.classList.add("saved");
        // Going on to the next cell, one does not want news of each.
        if (step === 0) adoptToasts(page);
        leaveCell(placed, index, step);
      } else if (modal) {
        restore();
        showModal(modal);
      } else if (again) {
        showCell(cell, /** @type {HTMLFormElement} */ (again), old);
      } else {
        toast(page.querySelector("main h1")?.textContent ?? word("failed"), "bad");
      }
    } catch {
      toast(word("offline"), "bad");
    } finally {
      busy = false;
      cell.removeAttribute("aria-busy");
    }
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); save(0); });
  onEnter(form, (event) => {
    const target = event.target;
    if (event.defaultPrevented || (target instanceof HTMLTextAreaElement && event.shiftKey)) return;
    if (target instanceof Element && target.getAttribute("aria-expanded") === "true") return;
    event.preventDefault();
    event.stopPropagation();
    save(0);
  });
  form.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      const { row } = cellParts(cell);
      restore();
      leaveCell(row, cell.cellIndex, 0);
    } else if (event.key === "Tab") {
      const controls = [...form.querySelectorAll("input:not([type=hidden]), select:not([hidden]), textarea")];
      const last = event.shiftKey ? controls[0] : controls[controls.length - 1];
      if (event.target !== last) return;
      event.preventDefault();
      save(event.shiftKey ? -1 : 1);
    }
  });
  form.addEventListener("focusout", (event) => {
    const to = event.relatedTarget;
    if (busy || !form.isConnected || (to instanceof Node && form.contains(to))) return;
    // Pressing somewhere else saves, as leaving a cell does; a window that loses focus changes nothing.
    setTimeout(() => { if (form.isConnected && document.hasFocus() && !form.contains(document.activeElement)) save(0); }, 0);
  });
  const control = form.querySelector("input:not([type=hidden]), select:not([hidden]), textarea");
  if (control instanceof HTMLElement) control.focus();
  if (control instanceof HTMLInputElement && control.type !== "checkbox") control.select();
}

/** @param {HTMLTableRowElement} row @param {number} index @param {number} step */
function leaveCell(row, index, step) {
  const cell = row.cells[index];
  if (!(cell instanceof HTMLTableCellElement)) return;
  const next = step === 0 ? null : nextCell(cell, step);
  if (next) { openCell(next); return; }
  focusCell(cell);
}

/** @param {HTMLElement} cell */
function focusCell(cell) {
  cell.tabIndex = -1;
  cell.focus();
}

export function listenForCells() {
  document.addEventListener("dblclick", (event) => {
    const cell = event.target instanceof Element ? cellAt(event.target) : null;
    if (!cell || (event.target instanceof Element && event.target.closest("a, .cell-form"))) return;
    getSelection()?.removeAllRanges();
    openCell(cell);
  });
  document.addEventListener("click", (event) => {
    const cell = event.target instanceof Element ? cellAt(event.target) : null;
    if (cell && !isCellOpen(cell) && event.target instanceof Element && !event.target.closest("a, button, input")) focusCell(cell);
  });
  document.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
    const row = event.target.closest("table[data-cells] tbody tr");
    if (!(row instanceof HTMLTableRowElement)) return;
    if (event.key === "e") {
      const first = row.cells[1];
      const cell = cellAt(event.target) ?? (first ? [...row.querySelectorAll("td:not(.pick)")].find((cell) => cellParts(/** @type {any} */ (cell)).why === undefined) : null);
      if (!(cell instanceof HTMLTableCellElement)) return;
      event.preventDefault();
      openCell(cell);
    } else if (event.key.startsWith("Arrow") && cellAt(event.target) === event.target) {
      const index = /** @type {HTMLTableCellElement} */ (event.target).cellIndex;
      const to = event.key === "ArrowLeft" ? row.cells[index - 1] : event.key === "ArrowRight" ? row.cells[index + 1]
        : /** @type {HTMLTableRowElement | null} */ (event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling)?.cells[index];
      if (!to || to.matches(".pick, th")) return;
      event.preventDefault();
      focusCell(to);
    }
  });
}
