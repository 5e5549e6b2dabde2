"""A slow network: a relay in front of a server, which all connections share as one line. Everything that
takes part in the group end-to-end goes through one, so none is helped by what a browser's own
throttling leaves out (it does not cover what a worker loads, nor the opening of connections).

    python link.py PORT MEGABITS ROUND_TRIP_MS     prints its own port, and relays until its input ends

Each direction has the rate for itself, as a home's or a phone's line has. A chunk goes on when the line
has carried it, and arrives half a round trip later. A new connection waits one round trip, as its
handshake would. TCP's slow start is left out, which spares large transfers most."""

import asyncio
import os
import sys

CHUNK = 8192
# Seconds of the line's work that may wait in front of it, as in a router's queue. Less, and a relay that
# wakes late leaves the line idle.
QUEUE = 0.05


class Line:
    """One direction."""

    def __init__(self, bytes_per_second, delay):
        self.rate, self.delay, self.free = bytes_per_second, delay, 0.0

    def arrival(self, size):
        """When a chunk that is handed over now has arrived, in the loop's time."""
        now = asyncio.get_running_loop().time()
        self.free = max(self.free, now) + size / self.rate
        return self.free + self.delay


async def carry(reader, writer, line):
    """From one side to the other, each chunk at its time."""
    loop, on_the_way = asyncio.get_running_loop(), asyncio.Queue()

    async def deliver():
        while (chunk := await on_the_way.get()) is not None:
            arrival, data = chunk
            await asyncio.sleep(arrival - loop.time())
            writer.write(data)
            await writer.drain()
        writer.close()

    delivering = asyncio.create_task(deliver())
    try:
        while data := await reader.read(CHUNK):
            on_the_way.put_nowait((line.arrival(len(data)), data))
            # The sender is held to the line's rate.
            await asyncio.sleep(line.free - loop.time() - QUEUE)
    except ConnectionError:
        pass
    on_the_way.put_nowait(None)
    await asyncio.gather(delivering, return_exceptions=True)


async def main(port, megabits, round_trip_ms):
    rate, round_trip = megabits * 1e6 / 8, round_trip_ms / 1e3
    up, down = Line(rate, round_trip / 2), Line(rate, round_trip / 2)

    async def relay(reader, writer):
        await asyncio.sleep(round_trip)
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionError:
            writer.close()
            return
        await asyncio.gather(carry(reader, there_writer, up), carry(there_reader, writer, down))

    listener = await asyncio.start_server(relay, "127.0.0.1", 0)
    print(listener.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    # At once, whatever is still on its way.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
