// Runs once for each part of the settings; Gradio gives `element`, `trigger` and `watch`.
const EVENTS = ["choose", "remove", "connect", "fetch", "cancel", "discard", "glance", "count", "export"];
const GLANCE = 1000; // milliseconds

element.addEventListener("click", (event) => {
  const { do: name, sure, ...data } = event.target.closest("button")?.dataset ?? {};
  if (EVENTS.includes(name) && (!sure || window.confirm(sure))) trigger(name, data);
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger("connect", Object.fromEntries(new FormData(event.target)));
});

element.addEventListener("input", ({ target }) => {
  if (target.type === "range") element.querySelector("output").value = target.value;
});
let counting;
element.addEventListener("change", ({ target }) => {
  if (target.type !== "range") return;
  clearTimeout(counting);
  counting = setTimeout(() => trigger("count", { sources: target.value }), 200);
});

// What is drawn anew keeps the focus where it was.
let focused = null;
const key = (button) => button?.getAttribute("aria-label");
element.addEventListener("focusin", (event) => (focused = key(event.target.closest("button"))));
element.addEventListener("focusout", (event) => event.target.isConnected && event.relatedTarget && (focused = null));
watch("value", () => {
  if (!focused || document.activeElement !== document.body) return;
  [...element.querySelectorAll("button")].find((button) => key(button) === focused)?.focus();
});

watch("exported", () => {
  const detail = { ...props.exported, type: "application/jsonl" };
  document.dispatchEvent(new CustomEvent("istok:save", { detail }));
});

// While a person looks at it, the part that tells of downloads asks for news.
setInterval(() => {
  const { version } = element.querySelector("[data-version]")?.dataset ?? {};
  if (version && !document.hidden && element.checkVisibility()) trigger("glance", { seen: version });
}, GLANCE);
