// Everything works without this file: it makes what is there quicker. Each module takes the document as it is and listens at its root,
// so parts that are swapped in later need no wiring of their own; what must be built per element goes through `enhance`.
import { onRegionReplaced, listenForSwaps, swap } from "./swap.js";
import { listenForConfirmations } from "./confirm.js";
import { listenForKeys } from "./keys.js";
import { listenForUploads } from "./upload.js";
import { buildComboboxes } from "./combobox.js";
import { adoptToasts } from "./toast.js";
import { listenForDrags } from "./board.js";
import { listenForCells } from "./cells.js";
import { buildSelection, listenForSelection } from "./select.js";
import { buildPalette, rememberSeen } from "./palette.js";
import { listenForShortcuts } from "./shortcuts.js";
import { listenForNews, refreshLive } from "./live.js";
import { buildNoticeSwitch } from "./notices.js";

/** The menu is longer than some screens: the entry of the page that is open stands where it is seen. */
function showCurrentEntry() {
  const entry = document.querySelector(".rail [aria-current]");
  const list = entry?.closest("ul");
  if (!(entry instanceof HTMLElement) || !list) return;
  const box = entry.getBoundingClientRect(), frame = list.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) list.scrollTop += box.top - frame.top - (frame.height - box.height) / 2;
}

/** @param {ParentNode} root */
function enhance(root) {
  buildSelection(root);
  const job = root.querySelector("[data-poll]");
  if (job instanceof HTMLElement) setTimeout(() => { if (job.isConnected) swap(job.dataset.poll ?? "", "#main"); }, 700);
  buildComboboxes(root);
  adoptToasts(root);
  buildNoticeSwitch(root);
  rememberSeen(root);
  refreshLive();
  // On a phone the path of stages is wider than the screen: what matters now stands in its middle.
  for (const path of root.querySelectorAll(".path")) {
    const stage = path.querySelector(".previewed") ?? path.querySelector(".current");
    if (stage instanceof HTMLElement) path.scrollLeft = stage.offsetLeft - (path.clientWidth - stage.offsetWidth) / 2;
  }
}

buildPalette();
listenForKeys();
listenForShortcuts();
listenForConfirmations();
listenForUploads();
listenForSwaps();
listenForDrags();
listenForCells();
listenForSelection();
onRegionReplaced(enhance);
enhance(document);
showCurrentEntry();
listenForNews();
// A page that was asked for to be printed is printed as soon as it is there.
if (document.body.classList.contains("printing")) addEventListener("load", () => print());

// A select marked so sends its form as soon as it is changed; its button is then not needed.
document.addEventListener("change", (event) => {
  const control = event.target;
  if (control instanceof HTMLSelectElement && control.dataset.submit !== undefined) control.form?.requestSubmit();
});

// A menu made of <details> closes like any other menu.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary")?.focus();
});
