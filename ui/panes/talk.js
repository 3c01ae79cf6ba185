// Runs once, when the line above the question is mounted; Gradio gives `element`, `trigger` and `watch`.
// The chat's messages are Gradio's: their buttons are heard here, and what its sanitizer takes from them is put back.
const box = () => document.querySelector("#question textarea");
const told = () => JSON.parse(element.querySelector("[data-told]")?.dataset.told ?? "{}");
// Where nothing hovers, a keyboard that nobody called would cover half of the page.
const toBox = () => matchMedia("(hover: hover)").matches && box()?.focus();
const within = (event, selector) => event.target instanceof Element && event.target.closest(selector);

// The buttons of messages: trigger("example"), trigger("again"), trigger("vote"), trigger("everywhere")
const PRESSED = ["example", "again", "vote", "everywhere"];
let focused = null; // the name of a button whose message is about to be made anew

let pressed = null; // "ask" or "stop", which give way to each other

document.addEventListener("click", (event) => {
  pressed = within(event, "#question button");
  const button = within(event, "#chat button[name], #bar button[name]");
  if (!button) return choose(event);
  const { name, value } = button;
  if (name === "copy") copy(button, value);
  else if (PRESSED.includes(name)) {
    focused = name === "vote" ? `button[name="vote"][value="${CSS.escape(value)}"]` : null;
    trigger(name, { value });
    if (name !== "vote") toBox();
  }
});

document.addEventListener("submit", (event) => {
  const form = within(event, "#chat form.comment");
  if (!form) return;
  event.preventDefault();
  const id = form.getAttribute("name");
  focused = `form[name="${CSS.escape(id)}"] button`;
  trigger("comment", { value: id, comment: form.querySelector("input").value });
});

const copy = async (button, text) => {
  const { copied, refused } = told();
  const done = await written(text);
  say(done ? copied : refused);
  const label = button.textContent;
  button.textContent = done ? copied : refused;
  setTimeout(() => (button.textContent = label), 2000);
};

// Away from 127.0.0.1 a page without TLS has no clipboard of its own.
const written = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
};

// The answer that is pointed at, or walked into by keyboard, shows its sources. A mark that is pressed does so by itself.
let shown = -1;

const choose = (event) => {
  const answer = within(event, "#chat .answer:is(.answered, .abstained)");
  if (!answer) return;
  const index = Number(answer.id.slice("answer-".length));
  const chosen = index === shown;
  shown = index;
  dress();
  const opens = event.type === "click" && within(event, 'a[href^="#source-"]');
  if (!chosen && !opens) trigger("choose", { value: index });
};
document.addEventListener("focusin", (event) => {
  if (within(event, ":focus-visible:not(input)")) choose(event);
});

// Keys
let recalled = 0; // how many questions back
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = within(event, "input, textarea, select, [contenteditable]");
  // On a Russian keyboard the key that has "/" gives a full stop.
  if (!typing && !event.shiftKey && (event.key === "/" || event.code === "Slash")) {
    event.preventDefault();
    box()?.focus();
  } else if (event.key === "Escape" && told().answering) {
    trigger("halt");
  } else if (event.target === box() && !event.shiftKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    recall(event);
  }
});

const recall = (event) => {
  const asked = [...document.querySelectorAll("#chat .question")].map((question) => question.innerText).reverse();
  const value = box().value;
  if (value === "") recalled = 0;
  else if (value !== asked[recalled - 1]) return; // being edited: the arrows move the caret
  const next = recalled + (event.key === "ArrowUp" ? 1 : -1);
  if (next < 0 || next > asked.length) return;
  event.preventDefault();
  recalled = next;
  box().value = asked[next - 1] ?? "";
  box().dispatchEvent(new Event("input", { bubbles: true }));
};

// Said aloud once, when an answer begins and when it has ended: half-drafts are not.
const live = Object.assign(document.createElement("div"), { className: "unseen", id: "said" });
live.setAttribute("role", "status");
element.after(live);
const say = (text) => (live.textContent = text);
let conversation = null;
let asked = 0; // questions that were shown before
let answering = 0; // the exchange whose answer this tab follows

const dress = () => {
  const log = document.querySelector('#chat [role="log"]');
  if (log) {
    log.setAttribute("aria-live", "off");
    log.setAttribute("aria-label", told().log ?? "");
  }
  // Gradio names a message by its HTML.
  for (const message of document.querySelectorAll("#chat [data-testid][aria-label]")) message.removeAttribute("aria-label");
  for (const answer of document.querySelectorAll("#chat .answer")) {
    answer.classList.toggle("shown", answer.id === `answer-${shown}`);
  }
  // On a phone the chat has no scroll of its own that would follow a new question.
  const questions = document.querySelectorAll("#chat .question");
  if (questions.length > asked && answering) questions[questions.length - 1].scrollIntoView({ block: "start" });
  asked = questions.length;
  if (pressed && !pressed.isConnected && document.activeElement === document.body) toBox();
  if (focused && document.activeElement === document.body) document.querySelector(`#chat ${focused}`)?.focus();
};

const settle = () => {
  const now = told();
  shown = now.shown;
  dress();
  if (now.answering && now.answering !== answering) {
    say(now.waiting);
    if (!now.followed) trigger("follow");
  } else if (answering && !now.answering && now.conversation === conversation) {
    say(now.outcome);
  }
  ({ conversation, answering } = now);
};

new MutationObserver(dress).observe(element.closest("#talk") ?? document.body, { childList: true, subtree: true });
watch("value", settle);
settle();
