// Runs once, when the source panel is mounted; Gradio gives `element`, `trigger` and `watch`.
// Every link to "#source-ANSWER-NUMBER", wherever it stands, opens that source in the panel.
const SOURCE = 'a[href^="#source-"]';

let shown = ""; // what the panel shows: a source, a document, or ""
let asked = ""; // the source that was asked for last; it may be on its way
let outside = null; // what had the focus before the panel got it
let pending = null; // what a person has just done in order to see something else: {from, focus, keep}

const section = () => element.querySelector("section");
const article = () => element.querySelector(".article");
const links = (href, alike = false) =>
  [...document.querySelectorAll(SOURCE)].filter((link) => {
    const own = link.getAttribute("href");
    return !element.contains(link) && (alike ? own.startsWith(href) : own === href);
  });

const open = (link, focus = "mark") => {
  const href = link.getAttribute("href");
  if (href === shown && href === asked) return reveal(focus);
  const [, answer, number] = href.match(/^#source-(\d+)-(\d+)$/) ?? [];
  if (!number) return;
  asked = href;
  pending = { from: link, focus };
  trigger("cite", { answer: Number(answer), number: Number(number) });
};

const close = (focus) => {
  asked = "";
  pending = { from: element, focus };
  trigger("close", {});
};

// Back to the mark of what was shown, else to another one of its answer, else to where the person came from.
const returnTo = (place) => {
  const own = links(place);
  const [mark] = [...own, ...links(place.replace(/\d+$/, ""), place.startsWith("#"))];
  const target = own.includes(outside) || !mark ? outside : mark;
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "nearest" });
};

// Show the quote inside the article, and the panel inside the window.
const reveal = (focus) => {
  const [frame, mark] = [article(), element.querySelector("mark")];
  if (mark) {
    const [outer, inner] = [frame.getBoundingClientRect(), mark.getBoundingClientRect()];
    frame.scrollTop += inner.top - outer.top - Math.max(24, (outer.height - inner.height) / 3);
  } else frame.scrollTop = 0;
  const { top } = element.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight / 2) element.scrollIntoView({ block: "start" });
  if (focus) (element.querySelector(focus) ?? mark ?? frame).focus({ preventScroll: true });
};

const settle = () => {
  const pane = section();
  if (!pane) return;
  const before = shown;
  shown = pane.dataset.opened ?? (pane.dataset.reading ? `document ${pane.dataset.reading}` : "");
  for (const link of links("#source-", true)) {
    if (link.getAttribute("href") === shown) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }

  const { from, focus, keep } = pending ?? {};
  pending = null;
  // Whoever has gone elsewhere in the meantime keeps the focus.
  const active = document.activeElement;
  const mine = from && (active === document.body || active === from || element.contains(active));
  if (keep) keep(article());
  else if (!shown) {
    if (!mine) return;
    if (focus === "answer") returnTo(before);
    else {
      const row = element.querySelector(`.sources a[href="${CSS.escape(before)}"]`);
      row?.closest("details")?.setAttribute("open", "");
      if (row) row.focus();
      else returnTo(before);
    }
  } else if (shown !== before) reveal(mine ? focus : null);
};

document.addEventListener("click", (event) => {
  const title = event.target.closest('#documents [name="open"]');
  if (title && shown === `document ${title.closest("[data-id]").dataset.id}`) reveal(".article");
  else if (title) pending = { from: title, focus: ".article" };
  const link = event.target.closest(SOURCE);
  if (!link) return;
  event.preventDefault();
  open(link, link.rel ? `a.step[rel="${link.rel}"]` : "mark");
});

document.addEventListener("focusin", ({ target }) => {
  if (!element.contains(target)) outside = target;
});

element.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.do === "close") close("list");
  else if (button?.dataset.do === "answer") returnTo(shown);
  else if (button?.dataset.more) {
    const { start, end, more } = button.dataset;
    const [frame, earlier] = [article(), more === "earlier"];
    const [top, rest] = [frame.scrollTop, frame.scrollHeight - frame.scrollTop];
    const keep = (now) => {
      now.scrollTop = earlier ? now.scrollHeight - rest : top;
      now.focus({ preventScroll: true });
    };
    pending = { from: element, keep };
    trigger("more", { start: Number(start), end: Number(end) });
  }
});

element.addEventListener("keydown", (event) => {
  if (!shown || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const step = rel && element.querySelector(`a.step[rel="${rel}"]`);
  if (step) open(step);
  else if (event.key === "Escape") close("answer");
  else return;
  event.preventDefault();
  event.stopPropagation();
});

watch("value", settle);
settle();
