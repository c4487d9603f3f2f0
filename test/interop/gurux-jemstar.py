"""gurux_dlms on the other end, as a program of its own: reads every attribute of every object of a meter over the wrapper on TCP, its profile by
a range of time, and sets its clock; a line of JSON for each thing.

PORT FROM TO TIME (each "YYYY-MM-DD HH:MM")
"""

import datetime
import sys

from gurux_dlms import GXDateTime
from gurux_dlms.GXDLMSException import GXDLMSException
from gurux_dlms.enums import Authentication, InterfaceType, ObjectType
from gurux_dlms.objects import GXDLMSClock, GXDLMSProfileGeneric
from gurux_dlms.GXDLMSClient import GXDLMSClient
from gurux_line import Line, say

port = int(sys.argv[1])
begin, end, time = [datetime.datetime.strptime(one, "%Y-%m-%d %H:%M") for one in sys.argv[2:5]]
client = GXDLMSClient(True, 16, 1, Authentication.NONE, None, InterfaceType.WRAPPER)
ask = Line(client, port).ask

client.parseAareResponse(ask(client.aarqRequest()).data)
say("conformance", int(client.negotiatedConformance))
objects = client.parseObjects(ask(client.getObjectsRequest()).data, True, True)
say("objects", [[int(one.objectType), one.logicalName] for one in objects])
read = denied = 0
for one in objects:
    for attribute in range(1, one.getAttributeCount() + 1):
        if one.objectType == ObjectType.PROFILE_GENERIC and attribute == 2:
            continue
        try:
            reply = ask(client.read(one, attribute))
            client.updateValue(one, attribute, reply.value)
            read += 1
        except GXDLMSException as error:
            denied += 1
            say("denied", [one.logicalName, attribute, str(error)])
say("read", [read, denied])
by = {one.logicalName: one for one in objects}
say("watts", by["1.0.1.7.0.255"].value)
say("unit", [by["1.0.1.7.0.255"].scaler, int(by["1.0.1.7.0.255"].unit)])
clock = by["0.0.1.0.0.255"]
say("clock", [clock.timeZone, clock.deviation, clock.enabled, int(clock.clockBase), str(clock.begin), str(clock.end)])
profile = by["1.0.99.1.0.255"]
say("columns", [[int(target.objectType), target.logicalName, capture.attributeIndex] for target, capture in profile.captureObjects])
reply = ask(client.readRowsByRange(profile, begin, end))
client.updateValue(profile, 2, reply.value)
say("rows", [[row[0].value.strftime("%Y-%m-%d %H:%M"), *row[1:]] for row in profile.buffer])
profile.buffer = []
reply = ask(client.readRowsByEntry(profile, 1, 1))
client.updateValue(profile, 2, reply.value)
say("first", [[row[0].value.strftime("%Y-%m-%d %H:%M"), *row[1:]] for row in profile.buffer])
clock.time = GXDateTime(time)
ask(client.write(clock, 2))
reply = ask(client.read(clock, 2))
client.updateValue(clock, 2, reply.value)
say("set", clock.time.value.strftime("%Y-%m-%d %H:%M"))
ask(client.releaseRequest())
