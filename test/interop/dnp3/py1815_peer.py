"""py1815 as an outstation that is read, and as a master that reads. What it finds is printed as JSON, a line a step."""
import asyncio
import json
import logging
import sys
import time

from py1815 import OutstationServer, Session, objects
from py1815.events import EventBuffers
from py1815.master import Master
from py1815.master.checks import select
from py1815.master.evaluate import evaluate
from py1815.master.tasks import Tasks
from py1815.objects import AnalogPoint, BinaryPoint, CounterPoint
from py1815.profile.model import Kind, Point, PointMap

logging.basicConfig(level=logging.WARNING)


def say(step, **more):
    print(json.dumps({"step": step, **more}), flush=True)


class Points:
    """300 analogs in blocks, so that an answer takes more than one fragment, then counters and binaries."""

    def read_blocks(self, headers):
        blocks = []
        for first in range(0, 300, 100):
            blocks.append(objects.analog_range(first, [AnalogPoint(1000 * k - 7, 1) for k in range(first, first + 100)]))
        blocks.append(objects.counter_range(0, [CounterPoint(1000000 + k, 1) for k in range(4)]))
        blocks.append(objects.binary_range(0, [BinaryPoint(k % 2 == 1, 1) for k in range(4)]))
        return blocks

    def read(self, headers):
        return b"".join(self.read_blocks(headers))


async def outstation(port):
    events = EventBuffers()
    session = Session(Points(), events=events, outstation_address=1, master_address=100, need_time=True,
                      time_sink=lambda ms: say("written", utc=ms, now=int(time.time() * 1000)))
    server = OutstationServer(session, bind=f"127.0.0.1:{port}")
    await server.start()
    print(json.dumps({"ready": port}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.stop()


def told(exchange):
    iin = exchange.iin
    return {
        "outcome": exchange.outcome.name,
        "iin": None if iin is None else [int(iin.iin1), int(iin.iin2)] if hasattr(iin, "iin1") else str(iin),
        "fragments": len(exchange.fragments),
        "objects": len(exchange.objects),
        "undecoded": [str(one) for one in exchange.undecoded],
    }


async def master(port, station, waiting):
    async with Master() as master:
        tasks = Tasks(time_procedure="non_lan")
        der = await master.add(
            "meter", host="127.0.0.1", port=port, outstation_address=station, master_address=100, tasks=tasks
        )
        await asyncio.sleep(2)
        say("startup", connected=der.connected, counters=value(der, "counter", 299), analogs=value(der, "analog_input", 199))
        say("integrity", **told(await der.integrity_poll()))
        say("events", **told(await der.scan("events")))
        say("synchronised", lan=str((await der.synchronize_time("lan")).__class__.__name__))
        say("freeze", **told(await der.freeze()))
        await asyncio.sleep(waiting)
        say("frozen", **told(await der.scan("class1")))
        say("again", **told(await der.scan("class1")))
        say("counter", value=value(der, "frozen_counter", 0))
        say("warm", **told(await der.restart("warm")))
        say("cold", **told(await der.restart("cold")))


async def deviate(port, station):
    """Its own checks of what an outstation has to do where a master breaks the rules; a freeze a moment makes events."""
    async with Master() as master:
        tasks = Tasks(startup=False, events_when_indicated=False)
        der = await master.add(
            "meter",
            host="127.0.0.1",
            port=port,
            outstation_address=station,
            master_address=100,
            tasks=tasks,
            # Silence is waited for again and again.
            response_timeout=0.5,
        )
        checks = select(["deviation"])
        points = {(Kind.AI, 0): Point(Kind.AI, 0, "first")}
        report = await evaluate(der, PointMap(points), checks=checks, deviating=True, settle=1)
        for result in report.results:
            say(result.id, title=result.title, verdict=result.verdict.value, detail=result.detail)


def value(der, kind, index):
    point = getattr(der.store, kind)(index)
    return None if point is None else point.value


if __name__ == "__main__":
    if sys.argv[1] == "outstation":
        asyncio.run(outstation(int(sys.argv[2])))
    elif sys.argv[1] == "deviate":
        asyncio.run(deviate(int(sys.argv[2]), int(sys.argv[3])))
    else:
        asyncio.run(master(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]) if len(sys.argv) > 4 else 0.2))
