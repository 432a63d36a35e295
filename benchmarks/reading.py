"""What a megabyte of each kind of paste costs `explain`: seconds of processor time, and memory above the input.

    python benchmarks/reading.py                       every kind, each a process of its own
    python benchmarks/reading.py --only 'mail|Java'    those whose names match
    python benchmarks/reading.py --signs key,mixed     of these signs

A kind is a way in which messages are printed (those of ``tests/reading_wrappings.py`` and ``reading_dumps.py``,
and containers of many messages), filled to 1,000,000 bytes with messages that differ from each other. Signs:

    right      by the key that is given        mistaken   the sign type was signed too
    mixed      six mistakes by turns           random     nobody's
    foreign    of another account              key        right, and the key comes from a file
"""

import argparse
import base64
import csv
import hashlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER, TEST_PRIVATE_KEY_JAVA
from alipay_qr.keys import load_private_key
from alipay_qr.signing import RsaSigner

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from reading_dumps import DUMPS
from reading_wrappings import WRAPPINGS, Sample, sample

SIZE = 1_000_000
GOAL_SECONDS, GOAL_MEMORY = 2.0, 64 * 1024
SIGNS = ("right", "mistaken", "mixed", "random", "foreign", "key")
LIVE = "2088123412341234"
LARGE = {"big log"}
"""Wrappings that are a large text themselves."""

Joined = Callable[[Iterator[Sample]], bytes]
_rsa = {kind: RsaSigner(load_private_key(TEST_PRIVATE_KEY_JAVA), kind) for kind in ("RSA", "RSA2")}


def joined(text: str, kind: str, charset: str, key: str) -> str:
    """Return the sign of a text."""
    data = text.encode(charset)
    return hashlib.md5(data + key.encode()).hexdigest() if kind == "MD5" else _rsa[kind].sign(data)


def mistaken(pairs: dict[str, str], kind: str, number: int) -> str:
    """Return a text to sign with one of six mistakes."""
    fields = dict(sorted(pairs.items()))
    if number == 0:
        fields = dict(sorted({**pairs, "sign_type": kind}.items()))
    elif number == 1:
        fields = pairs
    elif number == 2:
        fields.pop("_input_charset", fields.pop("notify_time", ""))
    text = "&".join(f"{name}={value}" for name, value in fields.items())
    return text + ("&" if number == 3 else "") if number != 4 else text.replace("&", ",")


def samples(kind: str, signs: str, sign_type: str) -> Iterator[Sample]:
    """Yield messages that differ, without end."""
    base = sample(kind)
    for count in itertools.count():
        fields = {name: value for name, value in base.params if name not in {"sign", "sign_type"}}
        for name in fields.keys() & {"out_trade_no", "partner_trans_id", "notify_id"}:
            fields[name] = f"{fields[name][:-6]}{count:06}"
        if "biz_data" in fields:
            fields["biz_data"] = fields["biz_data"].replace('"S1"', f'"S{count:06}"')
        for name in fields.keys() & {"partner", "seller_id"}:
            fields[name] = LIVE if signs in {"foreign", "key"} else TEST_PARTNER
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
        if signs in {"mistaken", "mixed"}:
            text = mistaken(fields, sign_type, count % 6 if signs == "mixed" else 0)
        key = {"foreign": "k7" * 16, "key": "q3" * 16}.get(signs, TEST_MD5_KEY)
        key = key[1:] if signs == "mixed" and count % 6 == 5 else key
        sign = joined(text, sign_type, base.charset, key if signs != "random" else f"{count}")
        if signs == "random" and sign_type != "MD5":
            sign = base64.b64encode(hashlib.shake_128(b"%d" % count).digest(128)).decode()
        yield Sample(kind, (*fields.items(), ("sign_type", sign_type), ("sign", sign)), base.charset)


def filled(pieces: Iterator[bytes], head: bytes = b"", between: bytes = b"\n", foot: bytes = b"") -> bytes:
    """Return as many pieces as go into a megabyte, with blank lines to its end."""
    parts, size = [], len(head) + len(foot)
    for piece in pieces:
        size += len(piece) + len(between)
        if size > SIZE:
            break
        parts.append(piece)
    return (head + between.join(parts) + foot).ljust(SIZE, b"\n")


def each(wrapping: Callable[[Sample], str | bytes | None]) -> Joined:
    """Return what joins the messages of a wrapping, each printed by itself."""

    def made(given: Iterator[Sample]) -> bytes:
        first = wrapping(next(given))
        if isinstance(first, bytes):
            return filled((wrapping(one).removeprefix(b"\xff\xfe") for one in given), b"\xff\xfe", b"\n\0")
        return filled(wrapping(one).encode() for one in given)

    return made


def table(given: Iterator[Sample]) -> bytes:
    first = next(given)

    def row(values: list[str]) -> bytes:
        text = io.StringIO()
        csv.writer(text).writerow(values)
        return text.getvalue().strip().encode()

    names = [name for name, _ in first.params]
    return filled((row([value for _, value in one.params]) for one in given), row(names) + b"\n")


def insert(given: Iterator[Sample]) -> bytes:
    head = f"INSERT INTO log ({', '.join(name for name, _ in next(given).params)}) VALUES\n".encode()
    rows = ("(" + ",".join("'" + v.replace("'", "''") + "'" for _, v in one.params) + ")" for one in given)
    return filled((row.encode() for row in rows), head, b",\n", b";")


def har(given: Iterator[Sample]) -> bytes:
    def entry(one: Sample) -> bytes:
        post = {"mimeType": "application/x-www-form-urlencoded", "text": one.form}
        return json.dumps(
            {"request": {"method": "POST", "url": "https://a.example/n", "postData": post}}
        ).encode()

    return filled(map(entry, given), b'{"log":{"version":"1.2","entries":[', b",\n", b"]}}")


CONTAINERS: dict[str, Joined] = {
    "table of many rows": table,
    "INSERT of many rows": insert,
    "HAR of many entries": har,
    "JSON array of many": lambda given: filled(
        (json.dumps(dict(one.params)).encode() for one in given), b"[", b",\n", b"]"
    ),
    "GBK lines": lambda given: filled(one.decoded.encode("gbk") for one in given),
    "log4j lines": lambda given: filled(
        f"2026-11-23 10:00:{n % 60:02},{n % 999:03} INFO  [http-nio-8080-exec-{n % 9}] c.e.PayService:{n % 300} - req: {one.form}".encode()
        for n, one in enumerate(given)
    ),
    "prose": lambda _: filled(
        itertools.repeat(b"The partner said that the sign is wrong; see notify_url, please.")
    ),
    "nothing but text": lambda _: filled(
        itertools.repeat(b"2026-11-23 10:00:01 DEBUG GET /index, parameters={a=1}")
    ),
}
SHAPES = {"small": ("get", "MD5"), "large": ("notification", "MD5"), "RSA": ("create", "RSA"), "RSA2": ("refund", "RSA2"), "GBK": ("gbk", "MD5")}  # fmt: skip


def kinds() -> dict[str, Joined]:
    return {**CONTAINERS, **{n: each(w) for n, w in {**WRAPPINGS, **DUMPS}.items() if n not in LARGE}}


def spent(data: bytes, keys: list[str]) -> tuple[float, int, str]:
    """Return the processor seconds and the KiB at most of `explain`, and the first line of its answer."""
    with tempfile.TemporaryDirectory() as folder:
        path, said = Path(folder, "input.txt"), Path(folder, "said.txt")
        path.write_bytes(data)
        more = []
        for key in keys:
            Path(folder, "md5.key").write_text(key)
            more = ["--md5-key-file", str(Path(folder, "md5.key"))]
        command = [sys.executable, "-m", "alipay_qr_conformance.cli", "explain", str(path), *more]
        with said.open("wb") as out:
            running = subprocess.Popen(command, stdout=out, stderr=out)
            _, _, used = os.wait4(running.pid, 0)
            running.returncode = 0
        line = said.read_text("utf-8", "replace").partition("\n")[0]
    return used.ru_utime + used.ru_stime, used.ru_maxrss, line[:90]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="")
    parser.add_argument("--signs", default="right,mistaken,random", help=", ".join(SIGNS))
    parser.add_argument("--shapes", default="small,large", help=", ".join(SHAPES))
    args = parser.parse_args()
    _, empty, _ = spent(b"service=a&partner=b&sign=" + b"0" * 32, [])
    missed = 0
    for name, make in kinds().items():
        if not re.search(args.only, name):
            continue
        for shape, signs in itertools.product(args.shapes.split(","), args.signs.split(",")):
            try:
                data = make(samples(SHAPES[shape][0], signs, SHAPES[shape][1]))
            except (AttributeError, UnicodeError):
                continue  # the wrapping does not suit the kind
            seconds, memory, line = spent(data, ["q3" * 16] if signs == "key" else [])
            over = memory - empty - len(data) // 1024
            good = seconds <= GOAL_SECONDS and over <= GOAL_MEMORY
            missed += not good
            print(
                f"{'ok  ' if good else 'MISS'} {seconds:5.2f} s {over // 1024:4} MB  {name}, {shape}, {signs}: {line}",
                flush=True,
            )
    return min(1, missed)


if __name__ == "__main__":
    sys.exit(main())
