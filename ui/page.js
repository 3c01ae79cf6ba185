// Runs once, when the heading is mounted; Gradio gives `element` and `watch`.
const settle = () => {
  const header = element.querySelector("header");
  if (!header) return;
  document.documentElement.lang = header.lang;
  document.querySelector("#left .toggle-button")?.setAttribute("aria-label", header.dataset.drawers);
};

watch("value", settle);
settle();
