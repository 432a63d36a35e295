"""An adapter that behaves until a request asks for a vice: ``args.vice``, or a word on its command line."""

import json
import os
import signal
import subprocess
import sys
import time

HELLO = {
    "protocol": "1",
    "name": "hostile",
    "version": "1",
    "language": "python",
    "operations": ["configure", "reset", "presign", "sign", "verify", "trade"],
    "sign_types": ["MD5"],
    "charsets": ["UTF-8"],
    "clock": False,
    "parallel": "parallel" in sys.argv,
}
OUT = sys.stdout.buffer
ASLEEP = 600


def write(data):
    OUT.write(data)
    OUT.flush()


def answer(number, **fields):
    write(json.dumps({"id": number, **(fields or {"result": {"sign": "honest"}})}).encode() + b"\n")


def raw(number, text):
    write(text.replace("ID", str(number)).encode("utf-8", "surrogateescape") + b"\n")


def flood(stream, chunk):
    while True:
        os.write(stream, chunk)


def leave_a_child():
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", f"import time; time.sleep({ASLEEP})"], stdin=subprocess.DEVNULL
    )


def halves(number):
    line = json.dumps({"id": number, "result": {"sign": "honest"}}).encode() + b"\n"
    write(line[:9])
    time.sleep(0.05)
    write(line[9:])


VICES = {
    "hang": lambda _: time.sleep(ASLEEP),
    "die": lambda _: (sys.stderr.write("cannot go on\n"), sys.stderr.flush(), os._exit(7)),
    "killed": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "leave": lambda _: sys.exit(0),
    "answer-and-leave": lambda n: (answer(n), sys.exit(0)),
    "flood-stdout": lambda _: flood(1, b"noise\n" * 1000),
    "flood-stderr": lambda n: (os.write(2, b"noise " * 500_000 + b"the end"), answer(n)),
    "flood-stderr-for-ever": lambda _: flood(2, b"noise\n" * 1000),
    "says-why": lambda n: (os.write(2, b"no key for RSA2\n"), answer(n)),
    "halves": halves,
    "twice": lambda n: (answer(n), answer(n)),
    "other-id": lambda n: answer(n + 1000),
    "late": lambda n: (answer(n + 1000), answer(n)),
    "no-id": lambda n: raw(n, '{"result":{}}'),
    "text-id": lambda n: raw(n, '{"id":"ID","result":{}}'),
    "true-id": lambda n: raw(n, '{"id":true,"result":{}}'),
    "endless-line": lambda _: flood(1, b"{" * 4096),
    "not-utf-8": lambda n: raw(n, '{"id":ID,"result":{"sign":"\udcff"}}'),
    "no-json": lambda n: raw(n, '{"id":ID,"result":}'),
    "deep": lambda n: raw(n, '{"id":ID,"result":{"sign":' + "[" * 40_000 + "]" * 40_000 + "}}"),
    "nested": lambda n: raw(n, '{"id":ID,"result":{"sign":' + "[" * 90 + "]" * 90 + "}}"),
    "close-stdout": lambda _: (os.close(1), time.sleep(ASLEEP)),
    "close-stdin": lambda n: (answer(n), os.close(0), time.sleep(ASLEEP)),
    "child": lambda n: (leave_a_child(), answer(n)),
    "child-and-die": lambda _: (leave_a_child(), os._exit(7)),
    "huge-number": lambda n: raw(n, '{"id":ID,"result":{"sign":' + "9" * 50_000 + "}}"),
    "huge-exponent": lambda n: raw(n, '{"id":ID,"result":{"sign":1e999999999}}'),
    "number": lambda n: raw(n, '{"id":ID,"result":{"sign":1}}'),
    "nan": lambda n: raw(n, '{"id":ID,"result":{"sign":NaN}}'),
    "surrogate": lambda n: raw(n, r'{"id":ID,"result":{"sign":"\ud800"}}'),
    "two-fields": lambda n: answer(n, result={}, error=None),
    "no-field": lambda n: raw(n, '{"id":ID}'),
    "no-sign": lambda n: answer(n, result={"signature": "x"}),
    "no-newline": lambda _: (write(b'{"id":1'), os._exit(0)),
    "banner": lambda n: (write(b"<b>Warning</b>: undefined index\n"), answer(n)),
    "bom": lambda n: (write(b'\xef\xbb\xbf{"id":0}\n'), answer(n)),
    "crlf": lambda n: raw(n, '{"id":ID,"result":{"sign":"honest"}}\r'),
    "raise": lambda n: answer(n, error={"message": "boom", "traceback": "x.php:1"}),
    "decline": lambda n: answer(n, refused={"reason": "too long"}),
}


def answer_backwards(kept):
    while kept:
        number, sign = kept.pop()
        answer(number, result={"sign": sign})


def respond(number, op, args, kept):
    if op == "hello":
        answer(number, result=HELLO)
    elif op in {"configure", "reset"}:
        answer(number, result={})
    elif "shuffle" in args:
        kept.append((number, args["shuffle"]))
        if len(kept) == 8:
            answer_backwards(kept)
    elif "vice" in args:
        VICES[args["vice"]](number)
    elif op == "sign":
        answer(number, result={"sign": args.get("echo", "honest")})
    else:
        answer(number, unsupported={"reason": f"no operation {op}"})


def main():
    if "banner" in sys.argv:
        write(b"Welcome to the adapter\n")
    if "deaf-to-term" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    kept = []
    for line in sys.stdin:
        request = json.loads(line)
        if "last-breath" in sys.argv and request["op"] == "configure":
            os._exit(9)
        if "mute" not in sys.argv:
            respond(request["id"], request["op"], request["args"], kept)
    while "never-leave" in sys.argv:
        time.sleep(ASLEEP)


main()
