// Runs once, when the heading is mounted; Gradio gives `element` and `watch`.
const COVERED = 768; // pixels: below, Gradio's sidebar covers the page
const drawers = () => document.querySelector("#left .toggle-button");

const settle = () => {
  const header = element.querySelector("header");
  if (!header) return;
  document.documentElement.lang = header.lang;
  drawers()?.setAttribute("aria-label", header.dataset.drawers);
};

// What is opened from a drawer is shown outside of it.
document.addEventListener("click", ({ target }) => {
  const opens = target.closest('#new, #conversations .open, #documents [name="open"]');
  if (opens && window.innerWidth < COVERED) drawers()?.click();
});

// Panes give a person a file by this event: {name, text, type}.
document.addEventListener("istok:save", ({ detail: { name, text, type } }) => {
  const href = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
});

watch("value", settle);
settle();
