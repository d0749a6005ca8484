import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStores } from "@pointsman/store";
import { startLab } from "../failover/lab.ts";
import { openTab } from "./browser-tab.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";

const rowsOf = (id: string): string =>
  `[...document.querySelectorAll("#${id} tbody tr")].map((row) => row.innerText).join("\\n")`;

/** Signs in to the dashboard in a browser and looks at it while requests are answered. */
export const watchDashboard = async (signal: AbortSignal): Promise<string> => {
  const keys = [{ key: adminKey, scopes: ["admin"] }];
  const lab = await startLab(["chat"], { stores: createMemoryStores(), keys });
  const folder = mkdtempSync(join(tmpdir(), "pointsman-browser-"));
  const tab = await openTab(folder, signal);
  const signIn = (key: string): Promise<unknown> =>
    tab.until(
      `document.getElementById("key").value = ${JSON.stringify(key)}, document.querySelector("#key-form button").click(), true`,
    );
  try {
    await tab.open(lab.url.replace(/\/v1$/u, "/dashboard"));
    await tab.until('document.readyState === "complete"');
    await signIn("pk-wrong");
    await tab.until('document.getElementById("key-fault").textContent.includes("key")');
    // Refused requests are told of by the browser; all else is a fault.
    const expected = tab.complaints.length;
    await signIn(adminKey);
    await tab.until('document.getElementById("live-status").textContent === "as they end"');
    await lab.ask({ stream: false });
    await lab.ask({ stream: true });
    await tab.until(
      `${rowsOf("live")}.split("\\n").length === 2 && ${rowsOf("live")}.includes("success")`,
    );
    await tab.until(`${rowsOf("health")}.includes("closed")`);
    await tab.until(`/p0\\s+2\\s+0/u.test(${rowsOf("spend")})`);
    const faults = tab.complaints.slice(expected);
    if (faults.length > 0) throw new Error(faults.join("\n"));
    return "signs in, tells a wrong key, shows requests, providers and spending";
  } finally {
    await tab.close();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
