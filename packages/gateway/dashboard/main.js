import { ApiError, forgetKey, read, readEvents, storedKey, storeKey } from "./api.js";
import { uptime } from "./format.js";
import { budgetColumns, healthColumns, liveColumns, spendColumns } from "./tables.js";
import { byId, fillTable } from "./view.js";

/** How often health, spending and budgets are read, ms. */
const refreshMs = 5000;
/** How often the list of requests is drawn, ms: one may bring hundreds a second. */
const drawMs = 500;
/** How long a watch that broke waits before the next, ms. */
const againMs = 2000;
const mostRequests = 200;

const board = byId("board", HTMLElement);
const signIn = byId("sign-in", HTMLElement);
const status = byId("status", HTMLElement);
const liveStatus = byId("live-status", HTMLElement);
const workspace = byId("workspace", HTMLSelectElement);
const by = byId("by", HTMLSelectElement);
const hold = byId("hold", HTMLButtonElement);
const leaveButton = byId("leave", HTMLButtonElement);
const key = byId("key", HTMLInputElement);
const fault = byId("key-fault", HTMLElement);

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @type {any[]} the last first */
let requests = [];
let isDrawn = true;
let watching = new AbortController();

/** @param {string} message */
const leave = (message) => {
  watching.abort();
  forgetKey();
  requests = [];
  board.hidden = true;
  leaveButton.hidden = true;
  signIn.hidden = false;
  status.textContent = "Not signed in";
  fault.textContent = message;
  key.focus();
};

/** @type {Readonly<Record<string, number>>} */
const troubles = { open: 2, half_open: 1, closed: 0 };

/**
 * What rests first, then what is used most.
 *
 * @param {any} one
 * @param {any} other
 */
const byTrouble = (one, other) =>
  (troubles[other.breaker] ?? 0) - (troubles[one.breaker] ?? 0) ||
  other.observations - one.observations;

const refresh = async () => {
  const { signal } = watching;
  const health = await read("/v1/admin/health", signal);
  status.textContent = `Up ${uptime(health.uptime_seconds)}`;
  const offerings = health.providers.flatMap((/** @type {any} */ { provider, offerings: own }) =>
    own.map((/** @type {any} */ offering) => ({ provider, ...offering })),
  );
  offerings.sort(byTrouble);
  fillTable(
    byId("health", HTMLTableElement),
    healthColumns,
    offerings,
    "No provider is configured.",
  );

  const { data: workspaces } = await read("/v1/workspaces?limit=100", signal);
  const chosen = workspace.value;
  workspace.replaceChildren(
    ...workspaces.map(
      (/** @type {any} */ { id, name }) => new Option(name, id, false, id === chosen),
    ),
  );
  if (workspace.value === "") return;

  const at = `/v1/workspaces/${encodeURIComponent(workspace.value)}`;
  const midnight = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
  const group = by.value;
  const { data: sums } = await read(`${at}/usage?by=${group}&since=${midnight}`, signal);
  const total = sums.reduce(
    (/** @type {number} */ sum, /** @type {any} */ row) => sum + row.cost_usd,
    0,
  );
  sums.sort((/** @type {any} */ a, /** @type {any} */ b) => b.cost_usd - a.cost_usd);
  fillTable(byId("spend", HTMLTableElement), spendColumns(group, total), sums, "Nothing yet.");
  const { data: budgets } = await read(`${at}/budgets?limit=100`, signal);
  fillTable(byId("budgets", HTMLTableElement), budgetColumns, budgets, "This workspace has none.");
};

/**
 * Does something until who watches leaves, and tells what went wrong.
 *
 * @param {() => Promise<void>} step
 * @param {HTMLElement} told
 */
const keepOn = async (step, told) => {
  const { signal } = watching;
  while (!signal.aborted) {
    try {
      await step();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
        leave(error.message);
        return;
      }
      told.textContent = error instanceof ApiError ? error.message : "The gateway does not answer.";
      await sleep(againMs);
    }
  }
};

const watchLive = async () => {
  await readEvents(
    "/v1/admin/live",
    watching.signal,
    (request) => {
      requests = [request, ...requests.slice(0, mostRequests - 1)];
      isDrawn = false;
    },
    () => {
      liveStatus.textContent = "as they end";
    },
  );
  liveStatus.textContent = "cut off; watching again soon";
  await sleep(againMs);
};

const draw = () => {
  if (isDrawn || hold.getAttribute("aria-pressed") === "true") return;
  isDrawn = true;
  fillTable(byId("live", HTMLTableElement), liveColumns, requests, "None since this page is open.");
};

const watch = () => {
  watching = new AbortController();
  signIn.hidden = true;
  board.hidden = false;
  leaveButton.hidden = false;
  fault.textContent = "";
  isDrawn = false;
  void keepOn(async () => {
    await refresh();
    await sleep(refreshMs);
  }, status);
  void keepOn(watchLive, liveStatus);
};

byId("key-form", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  storeKey(key.value.trim());
  key.value = "";
  watch();
});
leaveButton.addEventListener("click", () => leave(""));
hold.addEventListener("click", () => {
  const isHeld = hold.getAttribute("aria-pressed") === "true";
  hold.setAttribute("aria-pressed", String(!isHeld));
});
for (const choice of [workspace, by]) {
  choice.addEventListener("change", () => {
    refresh().catch(() => {
      // The next one comes by itself, and tells.
    });
  });
}
setInterval(draw, drawMs);
if (storedKey() !== null) watch();
