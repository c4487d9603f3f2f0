"""gurux_dlms on the other end, as a program of its own: reads every attribute of every object of a meter over the wrapper on TCP, its profile by
a range of time, and sets its clock; a line of JSON for each thing.

PORT FROM TO TIME (each "YYYY-MM-DD HH:MM")
"""

import datetime
import json
import socket
import sys

from gurux_dlms import GXByteBuffer, GXDateTime, GXReplyData
from gurux_dlms.GXDLMSException import GXDLMSException
from gurux_dlms.enums import Authentication, InterfaceType, ObjectType
from gurux_dlms.objects import GXDLMSClock, GXDLMSProfileGeneric
from gurux_dlms.GXDLMSClient import GXDLMSClient

port = int(sys.argv[1])
begin, end, time = [datetime.datetime.strptime(one, "%Y-%m-%d %H:%M") for one in sys.argv[2:5]]
client = GXDLMSClient(True, 16, 1, Authentication.NONE, None, InterfaceType.WRAPPER)
link = socket.create_connection(("127.0.0.1", port), 10)


def exchange(request, reply):
    if isinstance(request, list):
        for one in request:
            reply.clear()
            exchange(one, reply)
        return
    link.sendall(request)
    received = bytearray()
    notify = GXReplyData()
    while True:
        more = link.recv(65536)
        if not more:
            raise EOFError("the meter has hung up")
        received += more
        if client.getData(GXByteBuffer(received), reply, notify):
            break
    if reply.error:
        raise GXDLMSException(reply.error)


def ask(request):
    reply = GXReplyData()
    for one in request if isinstance(request, list) else [request]:
        if one:
            exchange(one, reply)
            while reply.isMoreData():
                exchange(client.receiverReady(reply), reply)
    return reply


def say(what, value):
    print(json.dumps([what, value], default=str), flush=True)


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
