"""iec870ree on the other end, as a program of its own: reads a station of the Spanish profile, a line of JSON for each thing.

FOLDER tcp PORT|serial DEVICE ADDRESS POINT KEY [FROM TO]

Of a fixture without a range; FROM and TO are local times of a meter that has hours and quarters then.
"""

import datetime
import json
import os
import sys
import time

# It takes the time of where it runs for that of Madrid.
os.environ["TZ"] = "Europe/Madrid"
time.tzset()
sys.path.insert(0, sys.argv[1])
from iec870ree.ip import Ip
from iec870ree.protocol import AppLayer, LinkLayer, PhysicalLayer


class Line(PhysicalLayer):
    """A serial line, as iec870ree's programs bring their own."""

    def __init__(self, device):
        import serial

        self.port = serial.Serial(device, 9600, timeout=10)

    def connect(self):
        pass

    def disconnect(self):
        self.port.close()

    def send_byte(self, byte):
        self.port.write(bytes([byte]))

    def send_bytes(self, bts):
        self.port.write(bts)

    def get_byte(self, timeout=60):
        (byte,) = self.port.read(1)
        return byte


_, _, way, where, address, point, key = sys.argv[:7]
asked = [datetime.datetime.fromisoformat(one) for one in sys.argv[7:]]
physical = Ip(("127.0.0.1", int(where)), 0) if way == "tcp" else Line(where)
link = LinkLayer(int(address), int(point))
link.initialize(physical)
app = AppLayer()
app.initialize(link)
physical.connect()


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if hasattr(value, "_asdict"):
        return {name: plain(one) for name, one in value._asdict().items()}
    if hasattr(value, "datetime"):
        return plain(value.datetime)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    return value


def say(what, value):
    print(json.dumps({"what": what, "is": plain(value)}), flush=True)


def values(answers):
    return [one.content.valores for one in answers]


day = datetime.datetime
link.link_state_request()
link.remote_link_reposition()
wrong = app.authenticate(int(key) + 1)
say("wrong key", [wrong.causa_tm, wrong.pn])
right = app.authenticate(int(key))
say("key", [right.causa_tm, right.pn])
if asked:
    say("time", app.read_datetime().content.tiempo)
    for record, name in (("profiles", "hours"), ("quarter_hour", "quarters")):
        say(name, values(app.read_incremental_values(*asked, record)))
        say(f"absolute {name}", values(app.read_absolute_values(*asked, record)))
    say("running", values(app.current_tariff_info(1)))
    moment = app.ext_read_instant_values(0, ["totalizadores", "potencias", "I_V"]).content.valores
    say("moment", {type(one).__name__: plain(one.valores) for one in moment})
    say("model", app.get_configuration().content.modelo_fabricante)
    app.finish_session()
    say("end", True)
    os._exit(0)
product = app.get_info().content
say("product", [product.codigo_fabricante, product.codigo_equipo])
say("time", app.read_datetime().content.tiempo)
say("hours", values(app.read_incremental_values(day(2025, 3, 3, 1), day(2025, 3, 3, 3), "profiles")))
say("spring", values(app.read_incremental_values(day(2025, 3, 30, 1), day(2025, 3, 31, 0), "profiles")))
say("autumn", values(app.read_incremental_values(day(2025, 10, 26, 1), day(2025, 10, 27, 0), "profiles")))
say("quarters", values(app.read_incremental_values(day(2025, 3, 3, 0, 15), day(2025, 3, 4, 0), "quarter_hour")))
say("absolute", values(app.read_absolute_values(day(2025, 3, 3, 1), day(2025, 3, 3, 3), "profiles")))
say("days", values(app.read_absolute_values(day(2025, 3, 1), day(2025, 3, 5), "daily_billings")))
say("blocks", values(app.read_blocks_incremental_values(day(2025, 3, 3, 1), day(2025, 3, 4, 0), "profiles", 1)))
say("closures", values(app.stored_tariff_info(day(2025, 2, 1), day(2025, 3, 1), 1)))
say("running", values(app.current_tariff_info(1)))
say("events", values(app.read_events(52, day(2025, 3, 4), day(2025, 3, 5))))
moment = app.ext_read_instant_values(0, ["totalizadores", "potencias", "I_V"]).content.valores
say("moment", {type(one).__name__: plain(one.valores) for one in moment})
equipment = app.get_configuration().content
say(
    "equipment",
    [
        equipment.codigo_fabricante,
        equipment.modelo_fabricante,
        equipment.codigo_equipo,
        equipment.battery,
        equipment.serial_port_1,
        [equipment.primari_V, equipment.secondary_V, equipment.primari_I, equipment.secondary_I],
        [equipment.integration_period_1, equipment.integration_period_2, equipment.integration_period_3],
        equipment.active_contracts,
    ],
)


def setting(address):
    """A meter does not know of all that may be asked."""
    try:
        return [plain(one.valores) for one in app.ext_read_rm2_values(0, [address]).content.valores]
    except Exception:
        return [None]


say("settings", [one for address in [192, 197, 198] for one in setting(address)])
set_time = app.set_datetime()
say("set", [set_time.causa_tm, set_time.pn])
try:
    list(app.read_incremental_values(day(2030, 1, 1), day(2030, 1, 2), "profiles"))
    say("none", "answered")
except Exception as error:
    say("none", type(error).__name__)
app.finish_session()
say("end", True)
# Its thread waits for a socket that nobody writes to any more.
os._exit(0)
