"use strict";

/* Drag and drop with progress, the live board, copying. Without this script all pages work by forms. */

const one = (selector, within = document) => within.querySelector(selector);
const made = (name, words = "", kind = "") => {
  const element = document.createElement(name);
  element.textContent = words;
  element.className = kind;
  return element;
};
/* Pages come escaped from the server; scripts in them would not run. */
const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

/* ---- workbooks that are sent ---- */

const MOST_AT_ONCE = 3;
const received = one("#received");
const waiting = [];
let going = 0;

function take(files) {
  for (const file of files) {
    const card = made("article", "", "received going");
    const bar = made("progress");
    const status = made("p", received.dataset.waiting, "muted");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    card.append(made("p", file.name, "name"), status, bar);
    received.prepend(card);
    waiting.push({ file, card, bar, status });
  }
  go_on();
}

function go_on() {
  while (going < MOST_AT_ONCE && waiting.length) {
    going += 1;
    send(waiting.shift());
  }
}

function send({ file, card, bar, status }) {
  const form = new FormData();
  form.append("files", file);
  const request = new XMLHttpRequest();
  request.open("POST", one("form.add").dataset.part);
  request.upload.onprogress = (event) => {
    if (!event.lengthComputable) return;
    bar.value = event.loaded / event.total;
    status.textContent = event.loaded < event.total ? received.dataset.sending : received.dataset.checking;
    if (event.loaded === event.total) bar.removeAttribute("value");
  };
  const failed = () => {
    card.className = "received refused";
    bar.remove();
    status.textContent = received.dataset.failed;
  };
  request.onerror = failed;
  request.onload = () => (request.status === 200 ? show(card, request.responseText) : failed());
  request.onloadend = () => {
    going -= 1;
    go_on();
  };
  status.textContent = received.dataset.sending;
  request.send(form);
}

/* What an earlier sending of the same workbook was found to be no longer holds. */
function show(card, html) {
  const fresh = [...parsed(html).children];
  const keys = fresh.map((each) => each.dataset.key).filter(Boolean);
  for (const old of received.querySelectorAll("[data-key]")) {
    if (keys.includes(old.dataset.key)) old.remove();
  }
  for (const each of fresh) for (const button of each.querySelectorAll("[data-close]")) button.hidden = false;
  card.replaceWith(...fresh);
}

/* ---- a team's form: the answer is a page, whose main part takes the place of this one's ---- */

const team_form = () => one("form[data-drop]");

function send_form(files) {
  const form = team_form();
  const button = one("button", form);
  const bar = made("progress");
  const sent = new FormData();
  for (const file of files) sent.append("files", file);
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", button.textContent);
  button.disabled = true;
  form.append(bar);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.onprogress = (event) => {
    if (event.loaded < event.total) bar.value = event.loaded / event.total;
    else bar.removeAttribute("value");
  };
  const failed = () => {
    bar.remove();
    button.disabled = false;
    form.submit(); /* the browser's own page says what is wrong with the connection */
  };
  request.onerror = failed;
  request.onload = () => {
    const answered = one("main", parsed(request.responseText));
    if (!answered) return failed();
    const kept = new URL(request.responseURL);
    if (request.status === 200) history.replaceState(null, "", kept.pathname + kept.search);
    one("main").replaceChildren(...answered.childNodes);
    one(form.dataset.drop)?.focus();
  };
  request.send(sent);
}

if (team_form()) {
  addEventListener("submit", (event) => {
    const files = one("input[type=file]", event.target)?.files;
    if (event.target !== team_form() || !files?.length) return;
    event.preventDefault();
    send_form(files);
  });
}

/* A page that wants one certain file takes it by its own form. */
function hand_over(files) {
  const own = one("form[data-take-drops]");
  if (!own) return (add_input ? take : send_form)(files);
  one("input[type=file]", own).files = files;
  own.requestSubmit();
}

const holds_files = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
let depth = 0;

const add_input = one("form.add input[type=file]");
add_input?.addEventListener("change", () => {
  take(add_input.files);
  add_input.value = "";
});

if (add_input || team_form()) {
  addEventListener("dragenter", (event) => {
    if (!holds_files(event)) return;
    depth += 1;
    document.body.classList.add("dragging");
  });
  addEventListener("dragleave", (event) => {
    if (!holds_files(event)) return;
    depth -= 1;
    if (depth <= 0) document.body.classList.remove("dragging");
  });
  addEventListener("dragover", (event) => holds_files(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!holds_files(event)) return;
    event.preventDefault();
    depth = 0;
    document.body.classList.remove("dragging");
    hand_over(event.dataTransfer.files);
  });
}

for (const each of document.querySelectorAll("[data-scripted]")) each.hidden = false;

/* ---- what changes by itself ---- */

const live = one("[data-live]");

async function renew() {
  const answer = await fetch(live.dataset.live);
  if (!answer.ok) return gone(true);
  const focused = document.activeElement && live.contains(document.activeElement) && document.activeElement.id;
  live.replaceChildren(...parsed(await answer.text()).childNodes);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

const gone = (is_gone) => { one("#gone").hidden = !is_gone; };

if (live) {
  let number = live.dataset.number;
  const stream = new EventSource("/live");
  stream.addEventListener("look", (event) => {
    gone(false);
    if (event.data === number) return;
    number = event.data;
    renew().catch(() => gone(true));
  });
  stream.addEventListener("error", () => gone(true));
}

/* A run's progress, until it is over. */
async function follow_runs() {
  const shown = one("[data-poll]");
  if (!shown) return;
  const answer = await fetch(shown.dataset.poll);
  if (!answer.ok) return gone(true);
  const focused = shown.contains(document.activeElement);
  const fresh = parsed(await answer.text()).firstElementChild;
  shown.replaceWith(fresh);
  if (focused) one("button, a", fresh)?.focus();
  setTimeout(() => follow_runs().catch(() => gone(true)), 400);
}
follow_runs().catch(() => gone(true));

/* ---- small things ---- */

addEventListener("click", async (event) => {
  event.target.closest("[data-close]")?.closest("article").remove();
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = button.dataset.copied;
});
