// A slow network: a relay in front of a server, which all connections share as one line. A browser's own
// throttling covers neither what a worker loads nor the opening of connections.
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds of the line's work that may wait in front of it, as in a router's queue. */
const QUEUE_MS = 50;

/** One direction: it has its rate for itself, as a home's or a phone's line has. */
class Line {
  #free = 0;

  constructor(readonly bytesPerMs: number, readonly delayMs: number) {}

  /** Sends what comes from one side to the other, each piece when the line has carried it. */
  async carry(from: Socket, to: Socket): Promise<void> {
    let arrived = Promise.resolve();
    try {
      for await (const piece of from) {
        this.#free = Math.max(this.#free, performance.now()) + piece.length / this.bytesPerMs;
        const arrival = this.#free + this.delayMs;
        // One after the other: timers that end together end in any order.
        arrived = arrived.then(async () => {
          await sleep(arrival - performance.now());
          to.write(piece);
        });
        // The sender is held to the line's rate.
        await sleep(this.#free - performance.now() - QUEUE_MS);
      }
    } catch {
      // One side is gone.
    }
    await arrived;
    to.destroy();
  }
}

/** A relay to a server's address, with this rate each way. */
export class SlowLink {
  #server: Server;
  url = "";

  constructor(target: string, megabits: number, roundTripMs: number) {
    const line = () => new Line((megabits * 1e6) / 8 / 1000, roundTripMs / 2);
    const [up, down] = [line(), line()];
    const { hostname, port } = new URL(target);
    this.#server = createServer(async (here) => {
      here.on("error", () => {});
      // As long as the handshake of a connection takes.
      await sleep(roundTripMs);
      const there = connect({ host: hostname, port: Number(port) });
      there.on("error", () => here.destroy());
      void up.carry(here, there);
      void down.carry(there, here);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    const address = this.#server.address();
    if (typeof address === "object") this.url = `http://127.0.0.1:${address?.port}`;
    return this;
  }

  stop(): void {
    this.#server.close();
  }
}
