"""Python's ftplib on a meter: lists, looks, fetches, sends, aborts. Prints one line of JSON."""

import ftplib
import io
import json
import sys

port, user, password, cid = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
said = {}


def refused(run):
    try:
        run()
    except ftplib.Error as error:
        return str(error)
    return None


with ftplib.FTP() as ftp:
    ftp.connect("127.0.0.1", port, timeout=10)
    said["wrong"] = refused(lambda: ftp.login(user, "wrong"))
    ftp.login(user, password)
    said["names"] = sorted(ftp.nlst())
    said["facts"] = {name: facts for name, facts in ftp.mlsd(facts=["type", "size", "modify"])}
    said["size"] = ftp.size("wfc/154800417_1578578162_100772.cff")
    lines = []
    ftp.dir("wfc", lines.append)
    said["lines"] = lines
    kept = io.BytesIO()
    ftp.retrbinary("RETR 154800417_1578578162_100772_06.pqd", kept.write)
    said["bytes"] = kept.getvalue().hex()
    said["active"] = refused(lambda: ftp.sendport("127.0.0.1", 1025))
    said["resume"] = refused(lambda: ftp.retrbinary("RETR 154800417_1578578162_100772_06.pqd", kept.write, rest=7))
    going = ftp.transfercmd("RETR big.pqd")
    said["abort"] = ftp.abort()
    going.close()
    said["after"] = ftp.voidresp()
    with open(cid, "rb") as file:
        said["whole"] = ftp.storbinary("STOR FEEDER9.cid", file)
    with open(cid, "rb") as file:
        whole = file.read()
        half = io.BytesIO(whole[: len(whole) // 2])
    said["half"] = refused(lambda: ftp.storbinary("STOR HALF.cid", half))
    said["bye"] = ftp.quit()
print(json.dumps(said))
