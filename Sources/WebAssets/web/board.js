// Cards are dragged by mouse, or by touch after a long press. Where one is dropped, the server is asked what stands against it: nothing, and it is
// moved; something, and a form asks for just that; or it may not, and the card returns and says why. Without dragging there is each card's link.
import { swap } from "./swap.js";
import { showModal } from "./dialog.js";
import { isComposing } from "./keys.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const longPressTime = 400;
const dragStart = 6;
const scrollEdge = 48;

/** Puts the card of a move that came to nothing back. @type {(() => void) | null} */
let giveBack = null;
let isDragging = false;

/** @param {HTMLElement} card @param {string} key @returns {Promise<HTMLElement | null>} */
async function askVerdict(card, key) {
  const url = new URL(card.dataset.move ?? "", location.href);
  url.searchParams.set("to", key);
  const response = await fetch(url);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("#move");
}

/** @param {HTMLElement} card @param {HTMLElement} column @param {Promise<HTMLElement | null>} verdict */
async function dropCard(card, column, verdict) {
  const from = card.parentElement, next = card.nextSibling;
  const back = () => { card.removeAttribute("aria-busy"); from?.insertBefore(card, next); };
  card.setAttribute("aria-busy", "true");
  column.querySelector("ul")?.prepend(card);
  const part = await verdict.catch(() => null);
  const form = part?.querySelector("form");
  if (!part || part.dataset.verdict === "no" || !form) {
    back();
    toast(part?.dataset.say || word(part ? "failed" : "offline"), "bad");
    return;
  }
  giveBack = back;
  if (part.dataset.verdict === "yes") {
    const sent = await swap(form.action, "#main", { method: "POST", body: new FormData(form) });
    if (!sent) { back(); giveBack = null; }
  } else showModal(part);
}

/** @param {PointerEvent} event */
function startDrag(event) {
  if (event.button !== 0 || isDragging || !(event.target instanceof Element)) return;
  const card = event.target.closest(".board-card");
  const board = card?.closest("[data-board]");
  if (!(card instanceof HTMLElement) || !(board instanceof HTMLElement) || event.target.closest(".button")) return;
  const touch = event.pointerType !== "mouse";
  const origin = card.closest(".board-column");
  const box = card.getBoundingClientRect();
  const grip = { x: event.clientX - box.left, y: event.clientY - box.top };
  const from = { x: event.clientX, y: event.clientY };
  /** @type {HTMLElement | null} */
  let ghost = null;
  /** @type {HTMLElement | null} */
  let over = null;
  /** @type {Map<string, Promise<HTMLElement | null>>} */
  const answers = new Map();
  let timer = touch ? setTimeout(lift, longPressTime) : 0;
  let asking = 0;

  function lift() {
    isDragging = true;
    const copy = /** @type {HTMLElement} */ (card.cloneNode(true));
    copy.removeAttribute("id");
    copy.classList.add("lifted");
    copy.setAttribute("aria-hidden", "true");
    copy.style.width = `${box.width}px`;
    const note = document.createElement("p");
    note.className = "verdict";
    copy.append(note);
    document.body.append(copy);
    ghost = copy;
    card.classList.add("away");
    place(from.x, from.y);
  }
  /** @param {number} x @param {number} y */
  function place(x, y) {
    if (!ghost) return;
    ghost.style.transform = `translate(${x - grip.x}px, ${y - grip.y}px)`;
    const area = board.getBoundingClientRect();
    if (x > area.right - scrollEdge) board.scrollLeft += 14;
    else if (x < area.left + scrollEdge) board.scrollLeft -= 14;
    const column = document.elementFromPoint(x, y)?.closest("[data-board] .board-column[data-key]") ?? null;
    if (column === over) return;
    unmark();
    over = column instanceof HTMLElement && column !== origin ? column : null;
    clearTimeout(asking);
    if (over) { const target = over; asking = setTimeout(() => preview(target), 120); }
  }
  /** @param {HTMLElement} column */
  function verdictOf(column) {
    const key = column.dataset.key ?? "";
    const answer = answers.get(key) ?? askVerdict(card, key);
    answers.set(key, answer);
    return answer;
  }
  /** @param {HTMLElement} column */
  async function preview(column) {
    column.dataset.verdict = "asking";
    const part = await verdictOf(column).catch(() => null);
    if (over !== column || !ghost || !part) return;
    column.dataset.verdict = part.dataset.verdict ?? "";
    ghost.dataset.verdict = part.dataset.verdict ?? "";
    const note = ghost.querySelector(".verdict");
    if (note) note.textContent = part.dataset.say ?? "";
  }
  function unmark() {
    if (over) delete over.dataset.verdict;
    if (!ghost) return;
    delete ghost.dataset.verdict;
    const note = ghost.querySelector(".verdict");
    if (note) note.textContent = "";
  }
  /** @param {PointerEvent} moved */
  function move(moved) {
    if (moved.pointerId !== event.pointerId) return;
    if (ghost) { moved.preventDefault(); place(moved.clientX, moved.clientY); return; }
    if (Math.hypot(moved.clientX - from.x, moved.clientY - from.y) < dragStart) return;
    // A finger that moves at once scrolls.
    if (touch) end(); else { lift(); place(moved.clientX, moved.clientY); }
  }
  /** @param {PointerEvent} released */
  function up(released) {
    if (released.pointerId !== event.pointerId) return;
    const target = over;
    if (ghost) {
      addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
      if (target) dropCard(card, target, verdictOf(target));
    }
    end();
  }
  /** @param {KeyboardEvent} key */
  function escape(key) {
    if (key.key === "Escape") end();
  }
  function end() {
    clearTimeout(timer);
    clearTimeout(asking);
    unmark();
    ghost?.remove();
    ghost = null;
    over = null;
    isDragging = false;
    card.classList.remove("away");
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", end);
    removeEventListener("keydown", escape);
  }
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", end);
  addEventListener("keydown", escape);
}

/** @param {Event} event */
function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

export function listenForDrags() {
  document.addEventListener("pointerdown", startDrag);
  // The browser's own dragging of links, its menu of a long press and its scrolling would end ours.
  document.addEventListener("dragstart", (event) => {
    if (event.target instanceof Element && event.target.closest(".board-card")) event.preventDefault();
  });
  document.addEventListener("contextmenu", (event) => { if (isDragging) event.preventDefault(); });
  document.addEventListener("touchmove", (event) => { if (isDragging) event.preventDefault(); }, { passive: false });
  document.addEventListener("modal-closed", () => { giveBack?.(); giveBack = null; });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "m" || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
    if (event.target.closest("input, select, textarea, dialog")) return;
    const link = event.target.closest(".board-card")?.querySelector("a.button");
    if (link instanceof HTMLElement) { event.preventDefault(); link.click(); }
  });
}
