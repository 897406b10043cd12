// Boxes of a list's rows: a range with Shift, the whole page, all that the filter meets; how many are ticked. The form works without this.

/** @type {HTMLInputElement | null} */
let lastBox = null;

function rowBoxes() {
  return /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("tbody .pick input")]);
}

function countPicked() {
  const all = document.getElementById("pick-all");
  const ticked = rowBoxes().filter((box) => box.checked).length;
  const place = document.getElementById("picked-count");
  const total = all instanceof HTMLInputElement && all.checked ? all.closest("label")?.textContent?.trim() : null;
  if (place) place.textContent = total ?? String(ticked);
  const page = document.getElementById("pick-page");
  if (page instanceof HTMLInputElement) {
    page.checked = ticked > 0 && ticked === rowBoxes().length;
    page.indeterminate = ticked > 0 && !page.checked;
  }
}

/** @param {ParentNode} root */
export function buildSelection(root) {
  for (const part of root.querySelectorAll("[data-pick-page], [data-picked]")) part.removeAttribute("hidden");
  if (root.querySelector("#bulk")) { lastBox = null; countPicked(); }
}

export function listenForSelection() {
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.matches("tbody .pick input")) return;
    const all = rowBoxes();
    if (event.shiftKey && lastBox?.isConnected) {
      const [from, to] = [all.indexOf(lastBox), all.indexOf(box)].sort((a, b) => a - b);
      for (const other of all.slice(from, to + 1)) other.checked = box.checked;
    }
    lastBox = box;
    countPicked();
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    if (box.id === "pick-page") for (const other of rowBoxes()) other.checked = box.checked;
    if (box.id === "pick-page" || box.id === "pick-all") countPicked();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
    const box = event.target.closest("tbody tr")?.querySelector(".pick input");
    if (!(box instanceof HTMLInputElement)) return;
    event.preventDefault();
    box.click();
  });
}
