"""Gurux for Python changes a meter through the wrapper over TCP: PORT PASSWORD. Sends firmware, writes a TOU calendar and puts it in force."""
import struct
import sys
import zlib
from gurux_dlms import GXDateTime, GXDLMSClient, GXTime
from gurux_dlms.enums import Authentication, DateTimeSkips, InterfaceType
from gurux_dlms.objects import (
    GXDLMSActivityCalendar,
    GXDLMSDayProfile,
    GXDLMSDayProfileAction,
    GXDLMSImageTransfer,
    GXDLMSSeasonProfile,
    GXDLMSWeekProfile,
)
from gurux_line import Line

client = GXDLMSClient(True, 1, 1, Authentication.LOW, sys.argv[2], InterfaceType.WRAPPER)
ask = Line(client, int(sys.argv[1])).ask
client.parseAareResponse(ask(client.aarqRequest()).data)

image = b"register 0.9.1\n" + bytes(range(200))
image += struct.pack(">I", zlib.crc32(image))
transfer = GXDLMSImageTransfer("0.0.44.0.0.255")
client.updateValue(transfer, 2, ask(client.read(transfer, 2)).value)
ask(transfer.imageTransferInitiate(client, "register 0.9.1", len(image)))
for block in transfer.imageBlockTransfer(client, image, [0]):
    ask(block)
ask(transfer.imageVerify(client))
client.updateValue(transfer, 7, ask(client.read(transfer, 7)).value)
print("image", transfer.imageActivateInfo[0].size, bytes(transfer.imageActivateInfo[0].identification).decode())
ask(transfer.imageActivate(client))
client.updateValue(transfer, 6, ask(client.read(transfer, 6)).value)
print("status", int(transfer.imageTransferStatus))

calendar = GXDLMSActivityCalendar("0.0.13.0.0.255")
start = GXDateTime("2026-01-01 00:00:00", "%Y-%m-%d %H:%M:%S")
start.skip = DateTimeSkips.YEAR | DateTimeSkips.DAY_OF_WEEK | DateTimeSkips.MILLISECOND | DateTimeSkips.DEVITATION
calendar.calendarNamePassive = "new"
calendar.seasonProfilePassive = [GXDLMSSeasonProfile(b"1", start, b"1")]
week = GXDLMSWeekProfile()
week.name = b"1"
week.monday = week.tuesday = week.wednesday = week.thursday = week.friday = 1
week.saturday = week.sunday = 2
calendar.weekProfileTablePassive = [week]
at = lambda text: GXTime(text, "%H:%M:%S")
scripts = "0.0.10.0.100.255"
calendar.dayProfileTablePassive = [
    GXDLMSDayProfile(1, [GXDLMSDayProfileAction(at("06:30:00"), scripts, 1), GXDLMSDayProfileAction(at("21:00:00"), scripts, 2)]),
    GXDLMSDayProfile(2, [GXDLMSDayProfileAction(at("00:00:00"), scripts, 2)]),
]
for attribute in (6, 7, 8, 9):
    ask(client.write(calendar, attribute))
ask(calendar.activatePassiveCalendar(client))
print("activated")
