// The bell in the head of the page, and notifications of the browser for whoever has switched them on.
import { word } from "./words.js";

/** @typedef {{ unread: number, person: string }} Notices */

const notifySetting = "weir-notify";
const unreadAddress = "/api/v1/notices?unread=true&limit=5";
/** The newest notice that this tab has shown or found there already. */
let lastShown = -1;

/** Whether the page is of the person whom the news is for: another may have signed in meanwhile. @param {Notices} notices */
function concerns(notices) { return document.body.dataset.person === notices.person; }

/** @param {Notices} notices */
export function hearNotices(notices) {
  const bell = document.getElementById("bell");
  if (!bell || !concerns(notices)) return;
  const badge = bell.querySelector(".badge"), words = bell.querySelector(".visually-hidden");
  const text = notices.unread === 0 ? bell.dataset.none ?? "" : (bell.dataset.some ?? "").replace("{n}", String(notices.unread));
  const changed = words?.textContent !== text;
  if (badge instanceof HTMLElement) {
    badge.textContent = notices.unread > 99 ? "99+" : String(notices.unread);
    badge.hidden = notices.unread === 0;
  }
  if (words) words.textContent = text;
  const status = document.getElementById("status");
  if (changed && notices.unread > 0 && status) status.textContent = text;
}

function mayNotify() { return "Notification" in window && Notification.permission === "granted" && localStorage.getItem(notifySetting) === "on"; }

/** Shows what is new, as notifications of the browser. Only the tab that holds the stream asks. @param {Notices} notices */
export async function showNotifications(notices) {
  if (!concerns(notices) || !mayNotify()) { lastShown = -1; return; }
  try {
    const response = await fetch(unreadAddress);
    if (!response.ok) return;
    const { notices: found } = await response.json();
    const newest = found.length ? found[0].id : 0;
    const known = lastShown;
    lastShown = Math.max(lastShown, newest);
    // What stood there before the stream began is no news.
    if (known < 0) return;
    for (const notice of found.filter((/** @type {{ id: number }} */ one) => one.id > known).reverse()) {
      const shown = new Notification(notice.title, { body: notice.message, tag: `weir-${notice.id}` });
      shown.addEventListener("click", () => { window.focus(); location.assign(`/notices/${notice.id}`); shown.close(); });
    }
  } catch { /* a browser that cannot, such as one of a phone, shows the bell */ }
}

/** What is there when they are switched on is no news. */
async function rememberShown() {
  try {
    const { notices } = await (await fetch(unreadAddress)).json();
    lastShown = Math.max(lastShown, notices.length ? notices[0].id : 0);
  } catch { /* the first news does it */ }
}

/** @param {ParentNode} root */
export function buildNoticeSwitch(root) {
  const card = root.querySelector("#browser-notices"), button = card?.querySelector("[data-notify]");
  if (!(card instanceof HTMLElement) || !(button instanceof HTMLElement) || !("Notification" in window)) return;
  card.hidden = false;
  const draw = () => {
    const isOn = mayNotify();
    button.setAttribute("aria-pressed", String(isOn));
    button.textContent = (isOn ? button.dataset.off : button.dataset.on) ?? word("ok");
  };
  button.addEventListener("click", async () => {
    if (mayNotify()) {
      localStorage.setItem(notifySetting, "off");
    } else if (await Notification.requestPermission() === "granted") {
      localStorage.setItem(notifySetting, "on");
      rememberShown();
    } else {
      const hint = card.querySelector("p");
      if (hint) hint.textContent = button.dataset.blocked ?? "";
    }
    draw();
  });
  draw();
}
