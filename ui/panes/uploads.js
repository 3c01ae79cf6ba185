// Runs once, when the buttons are mounted; Gradio gives `element`, `server` and `watch`.
// Files are sent a few at a time; the server then reads them in its own time, and is asked how far it is.
const SENT_AT_ONCE = 3;
const PAUSE = 700; // ms between two questions
const { root, api_prefix: prefix } = window.gradio_config;

const told = () => JSON.parse(element.querySelector("section").dataset.told);
const language = () => element.querySelector("section").lang;

const rows = []; // { file, name, state, message, share, ticket, item }
let skipped = 0; // files of a folder that are not meant for reading
let sending = 0;
let polling = false;

// Choosing

const made = (tag, properties) => Object.assign(document.createElement(tag), properties);
const picker = { type: "file", multiple: true, hidden: true };
const list = made("ul", { className: "rows", tabIndex: 0 });
const pickers = { files: made("input", picker), folder: made("input", { ...picker, webkitdirectory: true }) };
for (const input of Object.values(pickers)) {
  element.parentElement.append(input);
  input.addEventListener("change", () => {
    take([...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })));
    input.value = "";
  });
}

element.addEventListener("click", (event) => {
  const name = event.target.closest("button")?.name;
  if (name === "clear") clear();
  else if (name) {
    pickers.files.accept = told().suffixes.join(",");
    pickers[name].click();
  }
});

// Dropping: anywhere in this drawer; elsewhere the browser would leave the page to show the file.

const drawer = element.closest('[role="tabpanel"]') ?? element.parentElement;
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
const over = (on) => (on ? drawer.setAttribute("data-drop", told().drop) : drawer.removeAttribute("data-drop"));

document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  const inside = drawer.contains(event.target);
  event.dataTransfer.dropEffect = inside ? "copy" : "none";
  over(inside);
});
document.addEventListener("dragleave", (event) => event.relatedTarget === null && over(false));
document.addEventListener("drop", async (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  over(false);
  if (!drawer.contains(event.target)) return;
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const found = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  take((await Promise.all(found.map((entry) => inside(entry)))).flat());
});

// The files of a dropped entry, those of a folder with their paths in it.
const inside = async (entry) => {
  if (entry instanceof File) return [{ file: entry, name: entry.name }];
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    return file ? [{ file, name: entry.fullPath.slice(1) }] : [];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) break;
    for (const one of some) found.push(...(await inside(one)));
  }
  return found;
};

// Sending

const take = (files) => {
  const { suffixes, largest } = told();
  for (const { file, name } of files) {
    const suffix = file.name.match(/\.[^.]*$/)?.[0].toLowerCase() ?? "";
    const ofFolder = name.includes("/");
    // A folder may hold anything: what isn't meant for reading is only counted.
    if (ofFolder && (!suffixes.includes(suffix) || name.split("/").some((part) => part.startsWith(".")))) {
      skipped += 1;
      continue;
    }
    const row = { file, name, suffix, state: "queued", share: 0 };
    add(row);
    if (!suffixes.includes(suffix)) refuse(row, "type");
    else if (file.size > largest) refuse(row, "large");
  }
  show();
  send();
};

const refuse = (row, reason) => Object.assign(row, { state: "refused", reason, file: null });

const send = () => {
  for (const row of rows) {
    if (sending >= SENT_AT_ONCE) return;
    if (row.state !== "queued") continue;
    row.state = "sending";
    sending += 1;
    receive(row).finally(() => {
      sending -= 1;
      row.file = null;
      paint(row);
      send();
      poll();
    });
  }
};

const receive = async (row) => {
  const { status, text } = await post(row);
  if (status === 413) return refuse(row, "large");
  if (status !== 200) return refuse(row, "lost");
  const answer = await server.take({ path: JSON.parse(text)[0], name: row.name });
  if (answer?.ticket) Object.assign(row, { state: "waiting", share: null, ticket: answer.ticket });
  else refuse(row, answer?.reason ?? "lost");
};

const post = (row) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    // Under a name of our own: two files may be the same, and the real name is said later.
    form.append("files", row.file, Math.random().toString(36).slice(2) + row.suffix);
    request.open("POST", `${root.replace(/\/$/, "")}${prefix}/upload`);
    request.upload.onprogress = ({ loaded, total }) => {
      row.share = total ? loaded / total : 0;
      paint(row);
    };
    request.onloadend = () => resolve({ status: request.status, text: request.responseText });
    paint(row);
    request.send(form);
  });

window.addEventListener("beforeunload", (event) => {
  if (rows.some((row) => row.file)) event.preventDefault();
});

// Asking how far the server is

const ended = (row) => row.state === "done" || row.state === "refused";

const poll = async (all = false) => {
  if (polling) return;
  polling = true;
  try {
    for (;;) {
      const asked = rows.filter((row) => row.ticket && (all || !ended(row)));
      all = false;
      if (!asked.length) break;
      const answers = await server.progress({ tickets: asked.map((row) => row.ticket), language: language() });
      const added = [];
      for (const row of asked) {
        const answer = answers?.[row.ticket];
        if (!answer) continue;
        if (answer.document && !row.document) added.push(answer.document);
        Object.assign(row, answer);
        paint(row);
      }
      if (added.length) document.dispatchEvent(new CustomEvent("istok:added", { detail: added }));
      summarize();
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  } finally {
    polling = false;
  }
  summarize();
};

// Showing: names are text, never markup

const add = (row) => {
  const bar = made("progress", { max: 1 });
  bar.setAttribute("aria-label", row.name);
  row.item = made("li", {});
  row.item.append(made("bdi", { className: "name", textContent: row.name }), " ", made("span", {}), bar);
  rows.push(row);
  list.append(row.item);
  paint(row);
};

const words = (row) => {
  const { refused, refusals, receiving } = told();
  if (row.reason) return `${refused} ${refusals[row.reason]}`;
  return row.message ?? receiving;
};

const paint = (row) => {
  const [bar, message] = [row.item.querySelector("progress"), row.item.querySelector("span")];
  row.item.className = row.state;
  if (message.textContent !== words(row)) message.textContent = words(row);
  bar.hidden = ended(row);
  if (row.share === null || row.share === undefined) bar.removeAttribute("value");
  else bar.value = row.share;
};

const summarize = () => {
  const place = element.querySelector(".progress");
  const { progress, skipped: left } = told();
  const done = rows.filter(ended).length;
  const lines = [];
  if (rows.length) lines.push(progress.replace("{done}", done).replace("{all}", rows.length));
  if (skipped) lines.push(left.replace("{count}", skipped));
  place.hidden = !lines.length;
  place.querySelector("p").textContent = lines.join(" · ");
  place.querySelector("button").hidden = done < rows.length;
  if (list.parentElement !== place) place.append(list);
};

const clear = () => {
  rows.length = skipped = 0;
  list.replaceChildren();
  summarize();
  element.querySelector("button").focus();
};

// Made anew, in another language perhaps: what was shown is put back, and asked for again.
const show = () => {
  if (!element.querySelector("section")) return;
  rows.forEach(paint);
  summarize();
};

watch("value", () => {
  show();
  poll(true);
});
