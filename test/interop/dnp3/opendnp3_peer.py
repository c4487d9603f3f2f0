"""opendnp3 (yadnp3) as an outstation that is read, and as a master that reads. What it finds is printed as JSON, a line a step."""
import json
import sys
import time

import opendnp3 as o


class Accepted(o.IChannelListener):
    def __init__(self):
        super().__init__()

    def OnStateChange(self, state):
        pass


class Quiet(o.ILogHandler):
    """Its log goes to standard error where somebody looks for it."""

    def __init__(self):
        super().__init__()

    def log(self, module, id, level, location, message):
        print(message, file=sys.stderr)


def points():
    """Different values everywhere, what 16 bits do not hold, and what is not online."""
    build = o.UpdateBuilder()
    for k in range(4):
        build.Update(o.Analog(-100000.5 + 40000 * k, o.Flags(0x01)), k)
        build.Update(o.Counter(1000000 + k, o.Flags(0x01)), k)
        build.Update(o.Binary(k % 2 == 1, o.Flags(0x01)), k)
    build.Update(o.Analog(7, o.Flags(0x04)), 3)
    build.Update(o.BinaryOutputStatus(True), 1)
    return build


class Meter(o.IOutstationApplication):
    def __init__(self):
        super().__init__()
        self.written = None

    def SupportsWriteAbsoluteTime(self):
        return True

    def WriteAbsoluteTime(self, stamp):
        self.written = stamp.msSinceEpoch
        print(json.dumps({"written": stamp.msSinceEpoch, "now": int(time.time() * 1000)}), flush=True)
        return True

    def ColdRestartSupport(self):
        return o.RestartMode.SUPPORTED_DELAY_COARSE

    def WarmRestartSupport(self):
        return o.RestartMode.SUPPORTED_DELAY_FINE

    def ColdRestart(self):
        return 5

    def WarmRestart(self):
        return 250


class Nothing(o.ICommandHandler):
    def __init__(self):
        super().__init__()


FILE = "".join(f"{k},{k * k}\n" for k in range(400)).encode()


class Files(o.IFileHandler):
    """One file, in blocks as large as the master takes."""

    def __init__(self):
        super().__init__()
        self.block = 0

    def AuthenticateFile(self, user, password):
        result = o.OutstationFileAuthResult()
        result.status = o.FileStatus.PERMISSION_DENIED
        return result

    def OpenFile(self, name, key, permissions, mode, most, request):
        result = o.FileOpenResult()
        result.status = o.FileStatus.SUCCESS if name == "profile.csv" else o.FileStatus.FILE_NOT_FOUND
        result.fileHandle = 0x01020304
        result.fileSize = len(FILE)
        result.maxBlockSize = self.block = min(most, 200)
        return result

    def ReadBlock(self, handle, number):
        result = o.FileBlockResult()
        at = number * self.block
        result.data = list(FILE[at : at + self.block])
        result.lastBlock = at + self.block >= len(FILE)
        result.status = o.FileStatus.SUCCESS
        return result

    def CloseFile(self, handle, request):
        return o.FileStatus.SUCCESS


def outstation(port):
    manager = o.DNP3Manager(1, Quiet())
    levels = o.LogLevels()
    channel = manager.AddTCPServer(
        "server", levels, o.ServerAcceptMode.CloseExisting, o.IPEndpoint("127.0.0.1", port), Accepted()
    )
    config = o.OutstationStackConfig(o.DatabaseConfig(4))
    config.outstation.eventBufferConfig = o.EventBufferConfig.AllTypes(50)
    config.outstation.params.maxTxFragSize = 300
    config.link.LocalAddr = 1
    config.link.RemoteAddr = 100
    station = channel.AddOutstation("meter", Nothing(), Meter(), config, Files())
    station.Enable()
    station.Apply(points().Build())
    print(json.dumps({"ready": port}), flush=True)
    sys.stdin.read()
    # It does not always end by itself.
    manager.Shutdown()


class Seen(o.ISOEHandler):
    """Values by kind and index, and events in their order."""

    def __init__(self):
        super().__init__()
        self.points = {}
        self.events = []

    def BeginFragment(self, info):
        pass

    def EndFragment(self, info):
        pass

    def OnDeviceAttribute(self, *_):
        pass

    def Process(self, info, values):
        for one in values if isinstance(values, list) else list(values):
            point = one.value
            if not isinstance(getattr(point, "value", None), (bool, int, float)):
                continue
            kind = type(point).__name__
            flags = point.flags.value if hasattr(point, "flags") else None
            value = point.value
            stamp = point.time.value if hasattr(point, "time") else 0
            if info.isEventVariation:
                self.events.append([kind, one.index, value, flags, stamp])
            else:
                self.points[f"{kind} {one.index}"] = [value, flags]


class Asking(o.IMasterApplication):
    def __init__(self):
        super().__init__()
        self.iin = []
        self.tasks = []

    def OnReceiveIIN(self, iin):
        self.iin.append([iin.LSB, iin.MSB])

    def OnTaskStart(self, kind, id):
        pass

    def OnTaskComplete(self, info):
        self.tasks.append([info.type.name, info.result.name])

    def OnOpen(self):
        pass

    def OnClose(self):
        pass

    def AssignClassDuringStartup(self):
        return False

    def Now(self):
        return o.UTCTimestamp(int(time.time() * 1000))


def until(done, seconds=5.0):
    end = time.time() + seconds
    while not done() and time.time() < end:
        time.sleep(0.02)
    return done()


def master(port, station):
    manager = o.DNP3Manager(1, Quiet())
    channel = manager.AddTCPClient(
        "client",
        o.LogLevels(),
        o.ChannelRetry.Default(),
        [o.IPEndpoint("127.0.0.1", port)],
        "127.0.0.1",
        Accepted(),
    )
    config = o.MasterStackConfig()
    config.master.responseTimeout = o.TimeDuration.Seconds(2)
    config.master.disableUnsolOnStartup = False
    config.master.timeSyncMode = getattr(o.TimeSyncMode, "NonLAN")
    config.link.LocalAddr = 100
    config.link.RemoteAddr = station
    seen, asking = Seen(), Asking()
    master = channel.AddMaster("master", seen, asking, config)
    master.Enable()

    def say(step, **more):
        print(json.dumps({"step": step, **more}), flush=True)

    def task(step, begin, **more):
        """Begins what ends with one more user task, and says how it ended."""
        before = len([one for one in asking.tasks if one[0] == "USER_TASK"])
        begin()
        until(lambda: len([one for one in asking.tasks if one[0] == "USER_TASK"]) > before)
        ended = [one for one in asking.tasks if one[0] == "USER_TASK"][before:]
        say(step, result=ended, iin=asking.iin[-1:], **{name: value() for name, value in more.items()})

    until(lambda: any(one[0] == "STARTUP_INTEGRITY_POLL" for one in asking.tasks))
    until(lambda: any(one[0] == "NON_LAN_TIME_SYNC" for one in asking.tasks))
    until(lambda: any(one[0] == "CLEAR_RESTART" for one in asking.tasks))
    say("startup", tasks=asking.tasks, iin=asking.iin, points=seen.points, events=seen.events)

    once = Seen()
    task("range", lambda: master.ScanRange(o.GroupVariationID(30, 1), 0, 1, once), points=lambda: once.points)
    counters = Seen()
    task("counters", lambda: master.ScanRange(o.GroupVariationID(20, 2), 0, 1, counters), points=lambda: counters.points)
    task("freeze", lambda: master.Freeze(o.FreezeType.ImmediateFreeze, [o.Header.AllObjects(20, 0)]))
    frozen = Seen()
    time.sleep(float(sys.argv[4]) if len(sys.argv) > 4 else 0.2)
    task(
        "events",
        lambda: master.ScanClasses(o.ClassField(False, True, True, True), frozen),
        events=lambda: frozen.events,
    )
    again = Seen()
    task("again", lambda: master.ScanClasses(o.ClassField(False, True, True, True), again), events=lambda: again.events)
    whole = Seen()
    task("class 0", lambda: master.ScanClasses(o.ClassField(True, False, False, False), whole), points=lambda: whole.points)
    links = []
    master.CheckLinkStatus(lambda *result: links.append(str(result)))
    until(lambda: links)
    say("link", links=len(links))
    restarts = []
    master.Restart(o.RestartType.WARM, lambda result: restarts.append([result.summary.name, str(result.restartTime)]))
    until(lambda: restarts)
    say("restart", restarts=restarts)
    manager.Shutdown()


if __name__ == "__main__":
    if sys.argv[1] == "outstation":
        outstation(int(sys.argv[2]))
    else:
        master(int(sys.argv[2]), int(sys.argv[3]))
