// Runs once, when the list is mounted; Gradio gives `element`, `trigger` and `watch`.
// What is looked at is kept here and said with every event: the server remembers nothing of it.
const view = { order: "date", wanted: "", page: 0 };
let asking = null; // the document that is about to be removed
let typing = 0;

const idOf = (target) => target.closest("[data-id]")?.dataset.id;
const look = (change = {}) => trigger("look", Object.assign(view, change));

const ask = (id) => {
  asking = id;
  for (const row of element.querySelectorAll("[data-id]")) {
    row.querySelector(".sure").hidden = row.dataset.id !== id;
  }
};

const acts = {
  open: (id) => trigger("open", { id }),
  ask: (id, row) => {
    ask(asking === id ? null : id);
    if (asking) row.querySelector('[name="keep"]').focus();
  },
  keep: (id, row) => {
    ask(null);
    row.querySelector('[name="ask"]').focus();
  },
  remove: (id) => {
    ask(null);
    trigger("remove", { id, ...view });
    element.querySelector('[name="wanted"]')?.focus();
  },
  all: () => trigger("choose", { what: "all", ...view }),
  none: () => trigger("choose", { what: "none", ...view }),
  found: () => trigger("choose", { what: "found", ...view }),
  before: () => look({ page: view.page - 1 }),
  after: () => look({ page: view.page + 1 }),
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) acts[button.name]?.(idOf(button), button.closest("li"));
});

element.addEventListener("keydown", (event) => {
  const row = event.target.closest("li");
  if (event.key === "Escape" && asking && row) {
    event.stopPropagation();
    acts.keep(asking, row);
  }
});

element.addEventListener("change", ({ target }) => {
  if (target.name === "inside") trigger("choose", { what: "one", id: idOf(target), inside: target.checked, ...view });
  if (target.name === "order") look({ order: target.value, page: 0 });
});

element.addEventListener("input", ({ target }) => {
  if (target.name !== "wanted") return;
  clearTimeout(typing);
  typing = setTimeout(() => look({ wanted: target.value, page: 0 }), 200);
});

document.addEventListener("istok:added", (event) => trigger("added", { ids: event.detail, ...view }));

const settle = () => {
  const section = element.querySelector("section[data-view]");
  if (!section) return;
  // What a person has clicked or typed is no longer what the attributes say.
  for (const box of element.querySelectorAll('[name="inside"]')) box.checked = box.hasAttribute("checked");
  const search = element.querySelector('[name="wanted"]');
  if (search !== document.activeElement) search.value = view.wanted;
  element.querySelector('[name="order"]').value = view.order;
  if (asking) ask(asking);
  const [order, page, ...wanted] = section.dataset.view.split(" ");
  if (order !== view.order || Number(page) !== view.page || wanted.join(" ") !== view.wanted) look();
};

// While the encoder reads what is new, how much is left is looked at now and then.
setInterval(() => {
  const waiting = Number(element.querySelector("section")?.dataset.waiting ?? 0);
  if (waiting && element.offsetParent && !document.hidden) look();
}, 3000);

watch("value", settle);
settle();
