// Runs once, when the list is mounted; Gradio gives `element`, `trigger`, `props` and `watch`.
// A row is <li data-id> with the buttons .open, .rename, .export and .delete.
const search = () => document.querySelector("#seek input");
const rowOf = (target) => target.closest?.("li[data-id]");
const row = (id) => element.querySelector(`li[data-id="${id}"]`);
const words = () => element.querySelector("nav").dataset;

// One row at a time is being renamed, or asks whether to delete it. Its controls are put into the row and taken out
// again here; when the list is made anew meanwhile, they are put into the new one.
let doing = null;

const control = (tag, properties) => Object.assign(document.createElement(tag), properties);

const put = () => {
  const item = row(doing.id);
  if (!item) return void (doing = null);
  const [open, acts] = [item.querySelector(".open"), item.querySelector(".acts")];
  open.hidden = doing.act === "rename";
  acts.hidden = true;
  if (doing.act === "rename") {
    const label = item.querySelector(".rename").getAttribute("aria-label");
    const input = control("input", { className: "put", value: doing.title, maxLength: Number(words().longest) });
    input.setAttribute("aria-label", label);
    input.addEventListener("input", () => (doing.title = input.value));
    input.addEventListener("blur", () => doing && document.hasFocus() && keep(false));
    item.prepend(input);
    input.select();
  } else {
    const asked = control("span", { className: "put sure" });
    asked.setAttribute("role", "group");
    asked.setAttribute("aria-label", `${words().sure} ${item.querySelector(".title").textContent}`);
    asked.append(
      control("span", { className: "small", textContent: words().sure }),
      control("button", { type: "button", className: "yes", textContent: words().yes }),
      control("button", { type: "button", className: "no", textContent: words().no }),
    );
    item.append(asked);
    asked.querySelector(".no").focus();
  }
};

const take = () => {
  for (const own of element.querySelectorAll(".put")) own.remove();
  for (const other of element.querySelectorAll("li [hidden]")) other.hidden = false;
};

const begin = (id, act) => {
  take();
  doing = { id, act, title: row(id).querySelector(".title").textContent };
  put();
};

const leave = (focused) => {
  const id = doing?.id;
  doing = null;
  take();
  if (focused) row(id)?.querySelector(focused).focus();
};

const keep = (byKeyboard) => {
  const { id, title } = doing;
  const shown = row(id).querySelector(".title");
  const changed = title.trim() && title.trim() !== shown.textContent;
  leave(byKeyboard && ".open");
  if (changed) trigger("rename", { conversation: id, title });
};

element.addEventListener("click", (event) => {
  const [button, item] = [event.target.closest("button"), rowOf(event.target)];
  if (!button || !item) return;
  const conversation = item.dataset.id;
  if (button.matches(".open")) trigger("open", { conversation });
  else if (button.matches(".export")) trigger("export", { conversation });
  else if (button.matches(".rename")) begin(conversation, "rename");
  else if (button.matches(".delete")) begin(conversation, "delete");
  else if (button.matches(".no")) leave(".delete");
  else if (button.matches(".yes")) {
    const next = (item.nextElementSibling ?? item.previousElementSibling)?.dataset.id;
    leave();
    trigger("delete", { conversation });
    (next ? row(next).querySelector(".open") : document.querySelector("#new")).focus();
  }
});

element.addEventListener("keydown", (event) => {
  if (doing && event.key === "Escape") leave(`.${doing.act}`);
  else if (event.target.matches("input.put") && event.key === "Enter" && !event.isComposing) keep(true);
  else if (event.target.matches(".open") && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    const all = [...element.querySelectorAll(".open")];
    const next = all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    (next ?? (event.key === "ArrowUp" ? search() : event.target))?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
});

document.addEventListener("keydown", (event) => {
  if (event.target !== search()) return;
  if (event.key === "ArrowDown") element.querySelector(".open")?.focus();
  else if (event.key === "Escape" && event.target.value) {
    event.target.value = "";
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  } else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("click", ({ target }) => {
  if (target.closest("#new")) document.querySelector("#question textarea")?.focus();
});

// The list is patched place by place: what had the focus may stand a row further by now.
let focused = null;
element.addEventListener("focusin", ({ target }) => {
  const item = rowOf(target);
  focused = item && { id: item.dataset.id, act: target.className };
});
element.addEventListener("focusout", ({ relatedTarget }) => {
  if (relatedTarget) focused = null;
});

const settle = () => {
  const nav = element.querySelector("nav");
  if (!nav) return;
  const address = new URL(location.href);
  if (nav.dataset.conversation) address.searchParams.set("conversation", nav.dataset.conversation);
  else address.searchParams.delete("conversation");
  if (address.href !== location.href) history.replaceState(history.state, "", address);

  const was = focused;
  take();
  if (doing) put();
  else if (was && (document.activeElement === document.body || element.contains(document.activeElement))) {
    const item = row(was.id);
    if (item && rowOf(document.activeElement) !== item) item.querySelector(`.${was.act}`)?.focus();
  }
};

watch(["value", "found"], settle);
// What was found may have changed with the list.
watch("value", () => props.found && trigger("seek"));

watch("exported", () => {
  const detail = { ...props.exported, type: "text/markdown;charset=utf-8" };
  document.dispatchEvent(new CustomEvent("istok:save", { detail }));
});

// Answers go on while no tab shows them.
setInterval(() => {
  if (!document.hidden && element.querySelector(".answering")) trigger("refresh");
}, 1500);

settle();
