const keyName = "pointsman-admin-key";

/** In the tab alone: gone when it is closed, and never in an address. */
export const storedKey = () => sessionStorage.getItem(keyName);
/** @param {string} key */
export const storeKey = (key) => sessionStorage.setItem(keyName, key);
export const forgetKey = () => sessionStorage.removeItem(keyName);

/** An answer that is none, with what the gateway says of it. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * @param {string} path
 * @param {AbortSignal} signal
 */
const ask = async (path, signal) => {
  const response = await fetch(path, {
    headers: { authorization: `Bearer ${storedKey() ?? ""}` },
    cache: "no-store",
    signal,
  });
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw new ApiError(
    response.status,
    body?.error?.message ?? `The gateway answered ${response.status}.`,
  );
};

/**
 * @param {string} path
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export const read = async (path, signal) => (await ask(path, signal)).json();

/**
 * Reads server-sent events, one JSON value each, until the stream ends. An `EventSource` could not send the key.
 *
 * @param {string} path
 * @param {AbortSignal} signal
 * @param {(value: any) => void} tell
 * @param {() => void} opened
 */
export const readEvents = async (path, signal, tell, opened) => {
  const response = await ask(path, signal);
  if (response.body === null) return;
  opened();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data: ")) tell(JSON.parse(line.slice(6)));
  }
};
