import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";

/** A wire between a client and a server on the loopback interface that counts and can be cut. */
export class Relay {
  /** How often the client said something after the server did: each is a round trip begun. */
  turns = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isDead = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(port: number): Promise<Relay> {
    const server = createServer();
    const relay = new Relay(server);
    server.on("connection", (client) => {
      relay.#join(client, connect(port, "127.0.0.1"));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** From now on nothing comes through, and nobody is told. */
  die(): void {
    this.#isDead = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What was said on dead connections stays unheard; new ones work. */
  revive(): void {
    this.#isDead = false;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #join(client: Socket, upstream: Socket): void {
    let isAnswered = true;
    client.on("data", (bytes) => {
      if (isAnswered) this.turns += 1;
      isAnswered = false;
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      isAnswered = true;
      client.write(bytes);
    });
    const pairs = [
      [client, upstream],
      [upstream, client],
    ] as const;
    for (const [socket, other] of pairs) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      if (this.#isDead) socket.pause();
    }
  }
}
