"""An adapter that signs rightly, and on the first message of a case turns to the vice on its command line."""

import base64
import hashlib
import json
import os
import sys
import time
from pathlib import Path

KEY = "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6"
VICE = sys.argv[1]
STATE = sys.argv[2] if len(sys.argv) > 2 else ""
HELLO = {
    "protocol": "1",
    "name": "hostile",
    "version": "1",
    "language": "python",
    "operations": ["configure", "reset", "sign"],
    "sign_types": ["MD5"],
    "charsets": ["UTF-8"],
    "clock": False,
    "parallel": False,
}


def write(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def flood(chunk):
    while True:
        os.write(1, chunk)


def misbehave(line, number):
    if VICE == "hang":
        time.sleep(600)
    elif VICE == "die":
        sys.stderr.write("out of luck\n")
        os._exit(3)
    elif VICE == "flood":
        flood(b"noise\n" * 1000)
    elif VICE == "twice":
        write(line + line)
    elif VICE == "other-id":
        write(line.replace(f'"id": {number}'.encode(), f'"id": {number + 7}'.encode()))
    elif VICE == "endless-line":
        flood(b"{" * 65536)
    elif VICE == "not-utf-8":
        write(line.replace(b"sign", b"sign\xff"))
    elif VICE == "deep-json":
        write(b'{"id": %d, "result": %s}\n' % (number, b"[" * 100_000 + b"]" * 100_000))
    elif VICE == "close-stdout":
        os.close(1)
        time.sleep(600)
    else:
        write(line)


def echo(number, key):
    """Say the key in every way that there is."""
    ways = [key, key.encode().hex(), base64.b64encode(key.encode()).decode(), json.dumps({"k": key})]
    from urllib.parse import quote

    ways += [quote(key, safe=""), base64.b64encode(f"x{key}y".encode()).decode(), f"a=1{key}"]
    for way in ways:
        sys.stderr.write(way + "\n")
    sys.stderr.flush()
    kind = number % 4
    if kind == 0:
        write(json.dumps({"id": number, "error": {"message": " ".join(ways), "traceback": ways[0]}}).encode())
    elif kind == 1:
        write(json.dumps({"id": number, "refused": {"reason": " ".join(ways)}}).encode())
    elif kind == 2:
        write(json.dumps({"id": number, "unsupported": {"reason": " ".join(ways)}}).encode())
    else:
        write(json.dumps({"id": number, "result": {"sign": ways[number % 3]}}).encode())
    write(b"\n")
    if number == 11:
        os._exit(9)


def sign(params, key):
    pairs = [(n, v) for n, v in params if v not in ("", None) and n not in ("sign", "sign_type")]
    text = "&".join(f"{n}={v}" for n, v in sorted(pairs))
    return hashlib.md5((text + key).encode()).hexdigest()


def main():
    key, signed = KEY, 0
    if VICE == "banner":
        write(b"Welcome to \x1b[31mPHP\n<br>Notice: undefined\n")
    for raw in sys.stdin.buffer:
        request = json.loads(raw)
        number, op, args = request["id"], request["op"], request["args"]
        answer = {"id": number, "result": {}}
        if op == "hello":
            answer["result"] = dict(HELLO)
            if VICE == "echo":
                answer["result"]["name"] = f"shop {KEY}"
        elif op == "configure":
            key = args["md5_key"].strip()
            if VICE == "echo":
                sys.stderr.write(f"configured with {key}\n")
        elif op == "sign":
            signed += 1
            answer["result"] = {"sign": sign(args["params"], key)}
            if VICE == "echo":
                echo(number, key)
                continue
        elif op != "reset":
            answer = {"id": number, "unsupported": {"reason": "no"}}
        line = json.dumps(answer).encode() + b"\n"
        if op == "sign" and signed == 2 and not Path(STATE).exists():
            Path(STATE).touch()
            misbehave(line, number)
        else:
            write(line)
    while VICE == "ignore-eof":
        time.sleep(600)


main()
