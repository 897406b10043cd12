// Short news in the corner, read out by its role; what the page says anyway stays in the page.
import { word } from "./words.js";

/** @param {string} text @param {"good" | "bad"} [kind] @param {Element | null} [offer]  a form that takes back what was done */
export function toast(text, kind = "good", offer = null) {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const item = document.createElement("div");
  item.className = kind === "bad" ? "toast bad" : "toast";
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = word("close");
  const remove = () => item.remove();
  close.addEventListener("click", remove);
  item.append(words);
  if (offer) item.append(offer);
  item.append(close);
  offer?.addEventListener("submit", () => setTimeout(remove));
  place.append(item);
  // Errors stay until they are closed; news goes, but not while somebody points at it.
  if (kind === "good") {
    const timer = setInterval(() => { if (!item.matches(":hover, :focus-within")) { clearInterval(timer); remove(); } }, offer ? 10000 : 6000);
  }
}

/** Notices that the server marked as passing news become toasts. @param {ParentNode} root */
export function adoptToasts(root) {
  for (const notice of root.querySelectorAll("[data-toast]")) {
    const offer = notice.nextElementSibling?.matches("[data-undo]") ? notice.nextElementSibling : null;
    toast(notice.textContent?.trim() ?? "", "good", offer);
    notice.remove();
  }
}
