import { Client } from "@pointsman/sdk";
import { createMemoryStores } from "@pointsman/store";
import { afterEach, beforeEach, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { expectKeys } from "./expect-keys.ts";

let lab: Lab;
let client: Client;
beforeEach(async () => {
  lab = await startLab(["chat", "chat"], { stores: createMemoryStores() });
  client = new Client({ apiKey: "pk-lab", baseUrl: lab.url });
});
afterEach(() => lab.close());

const messages = [{ role: "user" as const, content: "Which track?" }];
const chat = { model: "lab", messages, max_tokens: 20 };

test("answers", async () => {
  const whole = await client.chat.completions.create(chat);
  expectKeys(whole, {
    id: "always",
    object: "always",
    created: "always",
    model: "always",
    choices: "always",
    usage: "always",
    system_fingerprint: "maybe",
    service_tier: "maybe",
    routing_metadata: "always",
  });
  expectKeys(whole.usage, {
    prompt_tokens: "always",
    completion_tokens: "always",
    total_tokens: "always",
    prompt_tokens_details: "maybe",
    completion_tokens_details: "maybe",
  });
  const response = await client.responses.create({ model: "lab", input: "Which track?" });
  expectKeys(response, {
    id: "always",
    object: "always",
    created_at: "always",
    completed_at: "always",
    model: "always",
    status: "always",
    output: "always",
    output_text: "always",
    error: "always",
    incomplete_details: "always",
    usage: "always",
    routing_metadata: "maybe",
    instructions: "always",
    tools: "always",
    tool_choice: "always",
    parallel_tool_calls: "always",
    max_output_tokens: "always",
    max_tool_calls: "always",
    temperature: "always",
    top_p: "always",
    presence_penalty: "always",
    frequency_penalty: "always",
    top_logprobs: "always",
    reasoning: "always",
    text: "always",
    truncation: "always",
    user: "always",
    safety_identifier: "always",
    prompt_cache_key: "always",
    metadata: "always",
    service_tier: "always",
    store: "always",
    background: "always",
    previous_response_id: "always",
    tool_usage: "maybe",
  });
  const message = await client.messages.create({ model: "lab", max_tokens: 20, messages });
  expectKeys(message, {
    id: "always",
    type: "always",
    role: "always",
    model: "always",
    content: "always",
    stop_reason: "always",
    stop_sequence: "always",
    usage: "always",
    routing_metadata: "always",
  });
  expectKeys(message.usage, {
    input_tokens: "always",
    output_tokens: "always",
    cache_read_input_tokens: "always",
    cache_creation_input_tokens: "always",
    cache_creation: "maybe",
    output_tokens_details: "maybe",
    server_tool_use: "maybe",
    service_tier: "maybe",
  });
});
