import { Transport } from "./http/transport.ts";
import type { ClientOptions, Surroundings } from "./http/transport.ts";
import { MeResource, Models, Route } from "./resources/discovery.ts";
import { ChatCompletions, Messages, Responses } from "./resources/inference.ts";
import { Workspaces } from "./resources/management.ts";

/** A client of a Pointsman gateway. */
export class Client {
  readonly chat: { readonly completions: ChatCompletions };
  readonly responses: Responses;
  readonly messages: Messages;
  readonly models: Models;
  readonly me: MeResource;
  readonly route: Route;
  readonly workspaces: Workspaces;

  /**
   * @param surroundings time and chance, for tests
   * @throws AuthenticationError (`missing_api_key`) if no key is given, before any call
   */
  constructor(options: ClientOptions = {}, surroundings?: Surroundings) {
    const transport = new Transport(options, surroundings);
    this.chat = { completions: new ChatCompletions(transport) };
    this.responses = new Responses(transport);
    this.messages = new Messages(transport);
    this.models = new Models(transport);
    this.me = new MeResource(transport);
    this.route = new Route(transport);
    this.workspaces = new Workspaces(transport);
  }
}
