// Enter that chooses a candidate of an input method is not Enter.

/** @param {KeyboardEvent} event */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Calls back on Enter that is meant, not on one that ends a composition.
 * @param {HTMLElement} element @param {(event: KeyboardEvent) => void} act
 */
export function onEnter(element, act) {
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !isComposing(event)) act(event);
  });
}

export function listenForKeys() {
  // Some browsers report the Enter that ends a composition to the form as well, which would send it half-written.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isComposing(event) && event.target instanceof HTMLInputElement) event.preventDefault();
  }, { capture: true });

  document.addEventListener("keydown", (event) => {
    if (isComposing(event) || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.key === "k") {
      const search = document.querySelector("input[data-search]");
      if (!(search instanceof HTMLInputElement)) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Enter" && event.target instanceof HTMLElement) {
      const form = event.target.closest("form");
      if (!form || form.method !== "post") return;
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
