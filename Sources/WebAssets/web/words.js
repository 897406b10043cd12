// What the modules say, in the language of the page: attributes of <template id="words">, written by the server.

/** @param {string} key @returns {string} */
export function word(key) {
  const words = document.getElementById("words");
  return words?.dataset[key] ?? "";
}
