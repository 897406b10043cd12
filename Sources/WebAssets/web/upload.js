// A form with data-upload="address" sends each chosen file by itself, with progress, as the raw body of a PUT. The form's other fields go
// into the query. Without this module the form is sent as multipart.
import { swap } from "./swap.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

/** @param {HTMLFormElement} form @param {File} file @param {(share: number) => void} progress @returns {Promise<string | null>} what went wrong */
function put(form, file, progress) {
  return new Promise((resolve) => {
    const url = new URL(form.dataset.upload ?? "", location.href);
    const headers = new Map();
    for (const [name, value] of new FormData(form)) {
      if (typeof value !== "string") continue;
      if (name === "_token") headers.set("X-Form-Token", value);
      else if (!name.startsWith("_")) url.searchParams.set(name, value);
    }
    url.searchParams.set("name", file.name);
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    headers.set("Content-Type", "application/octet-stream");
    headers.set("Accept", "application/json");
    headers.set("Accept-Language", document.documentElement.lang);
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
    request.addEventListener("load", () => resolve(request.status < 300 ? null : reason(request)));
    request.addEventListener("error", () => resolve(word("offline")));
    request.send(file);
  });
}

/** @param {XMLHttpRequest} request */
function reason(request) {
  try {
    const answer = JSON.parse(request.responseText);
    const reasons = (answer.violations ?? []).map((/** @type {{ message: string }} */ violation) => violation.message);
    const message = reasons.length ? reasons.join("; ") : answer.message;
    if (typeof message === "string") return message;
  } catch { /* not JSON: the status must do */ }
  return `${word("failed")} (${request.status})`;
}

/** @param {HTMLFormElement} form */
async function upload(form) {
  const input = form.querySelector("input[type=file]");
  const files = input instanceof HTMLInputElement ? [...(input.files ?? [])] : [];
  if (files.length === 0) { if (input instanceof HTMLElement) input.focus(); toast(word("chooseFile"), "bad"); return; }
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", word("uploading"));
  form.append(bar);
  form.dataset.sent = "";
  let failed = false;
  for (const [index, file] of files.entries()) {
    const trouble = await put(form, file, (share) => { bar.value = (index + share) / files.length; });
    if (trouble !== null) { failed = true; toast(`${file.name}: ${trouble}`, "bad"); }
  }
  bar.remove();
  delete form.dataset.sent;
  if (failed && files.length === 1) return;
  if (!failed) toast(word("uploaded"));
  await swap(location.href, form.dataset.swap ?? "main");
}

export function listenForUploads() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.dataset.upload === undefined || event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.sent === undefined) upload(form);
  });
}
