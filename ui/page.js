// Runs once, when the source panel is mounted; Gradio gives `element`, `trigger` and `watch`.
// Every link to "#source-ANSWER-NUMBER", wherever it stands, opens that source in the panel.
const SOURCE = 'a[href^="#source-"]';

document.addEventListener("click", (event) => {
  const link = event.target.closest(SOURCE);
  if (!link) return;
  event.preventDefault();
  const [answer, number] = link.getAttribute("href").slice("#source-".length).split("-").map(Number);
  byKeyboard = event.detail === 0;
  trigger("cite", { answer, number });
});

let byKeyboard = false;

const settle = () => {
  const section = element.querySelector("[lang]");
  if (section) document.documentElement.lang = section.lang;

  const current = element.querySelector(`.sources ${SOURCE}[aria-current]`)?.getAttribute("href");
  for (const link of document.querySelectorAll(SOURCE)) {
    if (element.contains(link)) continue;
    if (link.getAttribute("href") === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (!current) return;

  const article = element.querySelector(".article");
  const mark = article.querySelector("mark");
  const [outer, inner] = [article.getBoundingClientRect(), mark.getBoundingClientRect()];
  article.scrollTop += inner.top - outer.top - Math.max(24, (outer.height - inner.height) / 2);

  const { top } = element.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight / 2) element.scrollIntoView({ block: "start", behavior: "smooth" });
  if (byKeyboard) element.querySelector("h2").focus({ preventScroll: true });
};

watch("value", settle);
settle();
