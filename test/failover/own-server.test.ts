import { expect, test } from "vitest";
import { startLab } from "./lab.ts";
import { story } from "./upstream.ts";

test("a server of one's own is used without a key, and gets none", async () => {
  const lab = await startLab([{ wire: "chat", more: { apiKey: null } }]);
  try {
    expect(await lab.ask()).toMatchObject({ finished: true, text: story.join("") });
    expect(lab.upstreams[0]?.attempts[0]?.headers).not.toHaveProperty("authorization");
  } finally {
    await lab.close();
  }
});
