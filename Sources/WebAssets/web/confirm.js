// A form or button with data-confirm asks before it is sent.
import { word } from "./words.js";

/** @param {string} question @param {string} verb @returns {Promise<boolean>} */
export function ask(question, verb) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("role", "alertdialog");
    const text = document.createElement("p");
    text.id = "confirm-text";
    text.textContent = question;
    dialog.setAttribute("aria-labelledby", text.id);
    const actions = document.createElement("div");
    actions.className = "actions";
    const cancel = button(word("cancel"), "button");
    const confirm = button(verb || word("ok"), "button primary");
    cancel.addEventListener("click", () => dialog.close());
    confirm.addEventListener("click", () => dialog.close("yes"));
    actions.append(cancel, confirm);
    dialog.append(text, actions);
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  });
}

/** @param {string} text @param {string} classes */
function button(text, classes) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = classes;
  element.textContent = text;
  return element;
}

/** @type {WeakSet<HTMLFormElement>} */
const confirmed = new WeakSet();

export function listenForConfirmations() {
  document.addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const submitter = /** @type {HTMLElement | null} */ (event.submitter);
    const question = submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question === undefined || confirmed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await ask(question, submitter?.textContent?.trim() ?? ""))) return;
    confirmed.add(form);
    form.requestSubmit(submitter);
  }, { capture: true });
}
