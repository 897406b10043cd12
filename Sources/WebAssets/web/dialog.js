// A part of a page that the server marked with data-modal is shown as a dialog over the page that asked for it. It stands in <main>, so whatever
// replaces that closes it.

/** @type {HTMLDialogElement | null} */
let openModal = null;

/** @param {Element} part  a part of another document */
export function showModal(part) {
  const node = document.adoptNode(part);
  if (openModal?.isConnected) {
    keepFiles(openModal, node);
    openModal.replaceChildren(node);
  } else {
    const dialog = document.createElement("dialog");
    dialog.className = "modal";
    const title = node.getAttribute("aria-labelledby");
    if (title) dialog.setAttribute("aria-labelledby", title);
    dialog.append(node);
    dialog.addEventListener("close", () => {
      dialog.remove();
      openModal = null;
      document.dispatchEvent(new CustomEvent("modal-closed"));
    });
    dialog.addEventListener("click", (event) => {
      const close = event.target instanceof Element ? event.target.closest("[data-close]") : null;
      if (!close) return;
      event.preventDefault();
      dialog.close();
    });
    (document.querySelector("main") ?? document.body).append(dialog);
    openModal = dialog;
    dialog.showModal();
  }
  const first = node.querySelector("[data-focus]")
    ?? node.querySelector(".ways input:not([type=hidden]), .ways select, .ways textarea, .ways a") ?? node.querySelector(".button.primary, .button");
  if (first instanceof HTMLElement) first.focus();
}

/** A file that was chosen cannot be written back by the server: its control moves on to the new form. @param {Element} old @param {Element} fresh */
function keepFiles(old, fresh) {
  for (const input of old.querySelectorAll("input[type=file]")) {
    if (!(input instanceof HTMLInputElement) || !input.files?.length) continue;
    fresh.querySelector(`#${CSS.escape(input.id)}`)?.replaceWith(input);
    fresh.querySelector(".file-again")?.remove();
  }
}
