"""The auditor against md5sum of the same file, and against the bare verification of the same texts.

Processor time is compared, in rounds that take turns; elapsed times are told only with ``--elapsed``. The ratios to md5sum
hold on an idle machine: other work on the same core slows Python two or three times, and md5sum hardly at all.
``--messages N`` makes the recordings larger or smaller (default 200,000); the goals are meant for 1,000,000.
Recordings are made once below the temporary folder. The packages are compiled first, as pip does it.
"""

import argparse
import compileall
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from urllib.parse import quote_plus

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from side_by_side import Ratio, at_most, show

import alipay_qr
import alipay_qr_conformance
from alipay_qr.account import TEST_MD5_KEY, TEST_PARTNER
from alipay_qr.presign import presign
from alipay_qr.signing import Signer
from alipay_qr.wire import encode_response
from alipay_qr_conformance.model.test_account import TestKeys

BEIJING = timezone(timedelta(hours=8))
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def answer(params: dict[str, str]) -> str:
    """Return the gateway's answer, with the echo of the request as the gateway writes it."""
    fields = [
        ("result_code", "SUCCESS"),
        *((name, params[name]) for name in ("partner_refund_id", "out_trade_no") if name in params),
    ]
    echo = list(params.items())
    return encode_response(
        fields, container="alipay", request=echo, sign="0" * 32, sign_type="MD5", charset="UTF-8"
    ).decode()


KIT = [sys.executable, "-m", "alipay_qr_conformance.cli", "audit"]
_BARE = (
    "import sys; sys.modules['msgspec'] = None; from alipay_qr_conformance.cli import main; sys.exit(main())"
)
WITHOUT = [sys.executable, "-c", _BARE, "audit"]
"""The same where msgspec is not installed."""


def signed(params: dict[str, str], signer: Signer | None) -> str:
    """Return the form of signed parameters."""
    if signer is None:
        text = "&".join(f"{name}={value}" for name, value in sorted(params.items())) + TEST_MD5_KEY
        sign, sign_type = hashlib.md5(text.encode()).hexdigest(), "MD5"
    else:
        sign, sign_type = signer.sign(presign(params)), signer.sign_type
    pairs = {**params, "sign_type": sign_type, "sign": sign}
    return "&".join(f"{name}={quote_plus(value)}" for name, value in pairs.items())


def unsorted(params: dict[str, str]) -> str:
    """Return the form of parameters that were signed as they came."""
    text = "&".join(f"{name}={value}" for name, value in params.items()) + TEST_MD5_KEY
    pairs = {**params, "sign_type": "MD5", "sign": hashlib.md5(text.encode()).hexdigest()}
    return "&".join(f"{name}={quote_plus(value)}" for name, value in pairs.items())


def messages(
    count: int, signers: tuple[Signer | None, Signer | None], planted: dict[str, int], *, wrong: bool = False
) -> Iterator[tuple[str, datetime, str, str]]:
    """Yield kind, moment, form and reply of messages; one in a hundred has a fault, which is counted."""
    rng = Random(5)  # noqa: S311 (no secret)
    merchant, alipay = signers
    write = unsorted if wrong else lambda params: signed(params, merchant)
    number = made = 0
    while made < count:
        number += 1
        at = BEGIN + timedelta(seconds=2 * number)
        moment = at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        buyer = rng.randrange(10**6)
        trade, total = f"2026{number:012d}", rng.randrange(100, 100_000)
        news = {
            "notify_time": moment, "notify_type": "trade_status_sync", "notify_action_type": "payByAccountAction",
            "notify_id": f"n{number:030d}", "out_trade_no": trade, "trade_no": f"20261101{number:020d}",
            "trade_status": "TRADE_SUCCESS", "subject": f"测试商店 {number % 500}", "gmt_create": moment, "gmt_payment": moment,
            "seller_id": TEST_PARTNER, "seller_email": "merchant@example.com", "buyer_id": f"2088102{buyer:09d}",
            "buyer_email": f"b{buyer:x}***@example.com", "price": f"{total / 100:.2f}", "quantity": "1",
            "total_fee": f"{total / 100:.2f}", "discount": "0.00", "is_total_fee_adjust": "N", "use_coupon": "N",
            "payment_type": "1", "trans_currency": "USD",
        }  # fmt: skip
        fault = rng.randrange(100)
        body = signed(news, alipay)
        if fault == 0:
            body, _ = (
                body.replace(f"total_fee={total / 100:.2f}", "total_fee=0.01"),
                planted.__setitem__("notify.reject.changed", planted.get("notify.reject.changed", 0) + 1),
            )
        yield "notification", at, body, "success"
        made += 1
        if fault == 0:
            continue
        if number % 5 < 3:
            later = at + timedelta(hours=1)
            amount = total + 1 if fault == 1 else total // 2
            if fault == 1:
                planted["money.refund.sum"] = planted.get("money.refund.sum", 0) + 1
            refund = {
                "service": "alipay.acquire.overseas.spot.refund", "partner": TEST_PARTNER, "_input_charset": "UTF-8",
                "notify_url": "https://shop.example/notify", "partner_trans_id": trade, "partner_refund_id": f"R{number}",
                "refund_amount": f"{amount / 100:.2f}", "currency": "USD", "refund_reason": f"测试 return {buyer % 50}", "is_sync": "Y",
            }  # fmt: skip
            yield "request", later, write(refund), answer(refund)
            made += 1
        elif number % 5 == 3:
            end = (at.astimezone(BEIJING) + timedelta(days=1)).replace(hour=0, minute=0, second=0)
            later = (
                end + timedelta(hours=1)
                if fault == 2
                else min(at + timedelta(minutes=1), end - timedelta(seconds=1))
            )
            if fault == 2:
                planted["money.cancel.window"] = planted.get("money.cancel.window", 0) + 1
            cancel = {
                "service": "alipay.acquire.cancel", "partner": TEST_PARTNER, "_input_charset": "UTF-8",
                "timestamp": later.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S"), "out_trade_no": trade,
            }  # fmt: skip
            yield "request", later, write(cancel), answer(cancel)
            made += 1


def json_line(kind: str, at: datetime, form: str, reply: str) -> str:
    record = {
        "time": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "kind": kind,
        "status": 200,
        "reply": reply,
    }
    if kind == "notification":
        record |= {"method": "POST", "url": "https://shop.example/notify", "contentType": FORM, "body": form}
    else:
        record |= {"method": "GET", "url": f"https://mapi.alipaydev.com/gateway.do?{form}"}
    return json.dumps(record) + "\n"


def nginx_line(kind: str, at: datetime, form: str, _reply: str) -> str:
    moment = at.astimezone(BEIJING).strftime("%d/%b/%Y:%H:%M:%S %z")
    if kind == "notification":
        return f'10.0.0.1 - - [{moment}] "POST /notify HTTP/1.1" 200 7 "-" "Mozilla/4.0" "{form}"\n'
    return f'10.0.0.1 - - [{moment}] "GET /gateway.do?{form} HTTP/1.1" 200 512 "-" "curl/8.0"\n'


def har_entry(kind: str, at: datetime, form: str, reply: str) -> str:
    request = {
        "method": "GET",
        "url": f"https://mapi.alipaydev.com/gateway.do?{form}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": f"X-{n}", "value": "v" * 40} for n in range(12)],
        "queryString": [],
        "headersSize": -1,
        "bodySize": 0,
    }
    if kind == "notification":
        request |= {
            "method": "POST",
            "url": "https://shop.example/notify",
            "postData": {"mimeType": FORM, "text": form},
        }
    content = {"size": len(reply), "mimeType": "text/plain", "text": reply}
    response = {
        "status": 200,
        "statusText": "OK",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": f"X-{n}", "value": "v" * 40} for n in range(12)],
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }
    return json.dumps(
        {
            "startedDateTime": at.isoformat(),
            "time": 12.3,
            "request": request,
            "response": response,
            "cache": {},
            "timings": {},
        }
    )


def make(
    folder: Path,
    name: str,
    count: int,
    line: object,
    signers: tuple[Signer | None, Signer | None] = (None, None),
    *,
    wrong: bool = False,
) -> tuple[Path, dict[str, int]]:
    """Return a recording and how many faults of each requirement were planted in it."""
    path = folder / f"{name}-{count}-buyers"
    note = path.with_name(f"{path.name}.planted")
    if not note.exists():
        planted: dict[str, int] = {}
        with path.open("w") as file:
            rows = messages(count, signers, planted, wrong=wrong)
            if line is har_entry:
                file.write('{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"entries":[\n')
                file.writelines((",\n" if n else "") + har_entry(*row) for n, row in enumerate(rows))
                file.write("\n]}}\n")
            else:
                file.writelines(line(*row) for row in rows)  # type: ignore[operator]
        note.write_text(json.dumps(planted))
    return path, json.loads(note.read_text())


def spent(command: list[str]) -> tuple[float, float, int]:
    """Run a command; return its processor time, elapsed time and peak memory in KiB, its children's included."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    elapsed = time.monotonic() - start
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return processor, elapsed, usage.ru_maxrss


def against(
    path: Path, *options: str, rounds: int, which: int = 0, kit: Sequence[str] = KIT
) -> tuple[float, float, int]:
    """Return the median of (audit / md5sum) over rounds, the seconds of the audit, and its peak memory."""
    ratios, times, memory = [], [], 0
    for _ in range(rounds):
        mine = spent([*kit, str(path), *options])
        sums = spent(["md5sum", str(path)])
        ratios.append(mine[which] / sums[which])
        times.append(mine[which])
        memory = max(memory, mine[2])
    return statistics.median(ratios), statistics.median(times), memory


def findings(path: Path, folder: Path) -> dict[str, int]:
    """Return the MUST findings of an audit with their counts."""
    report = folder / "report.json"
    subprocess.run([*KIT, str(path), "--json", str(report)], stdout=subprocess.DEVNULL, check=False)
    return {each["requirement"]: each["count"] for each in json.loads(report.read_text())["findings"]}


def bare_verify(count: int, sign_type: str) -> float:
    """Return the processor seconds that verifying ``count`` signatures alone takes."""
    keys = TestKeys()
    key = keys.merchant_private(sign_type)
    algorithm = SHA1() if sign_type == "RSA" else SHA256()
    text = b"x" * 500
    sign, public = key.sign(text, PKCS1v15(), algorithm), key.public_key()
    start = time.process_time()
    for _ in range(count):
        public.verify(sign, text, PKCS1v15(), algorithm)
    return time.process_time() - start


def prepared() -> Path:
    """Compile the packages, and return the folder of the recordings."""
    for package in (alipay_qr, alipay_qr_conformance):
        compileall.compile_dir(package.__path__[0], quiet=1)
    folder = Path(tempfile.gettempdir()) / "alipay-qr-bench-audit"
    folder.mkdir(exist_ok=True)
    return folder


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--elapsed", action="store_true", help="with two processes, on an idle machine")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    folder = prepared()
    count, rounds = args.messages, args.rounds
    ratios: list[Ratio] = []

    def wanted(name: str) -> bool:
        return not args.only or name in args.only.split(",")

    lines, planted = make(folder, "lines", count, json_line)
    if wanted("md5"):
        value, right, memory = against(lines, rounds=rounds)
        print(f"     {right / count * 1e6:.2f} us a message, {memory >> 10} MiB")
        ratios.append(
            at_most("audit, MD5, JSON lines, one process", "md5sum of the file, processor time", value, 7.5)
        )
        ratios.append(at_most("memory of a process, MiB", "1", memory / 1024, 64))
        found = findings(lines, folder)
        print(f"     planted {planted}, found {found}")
        ratios.append(at_most("faults missed or accused wrongly", "none", 1 + (found != planted), 1))
    if wanted("without"):
        value, _, _ = against(lines, rounds=rounds, kit=WITHOUT)
        ratios.append(at_most("the same without msgspec", "md5sum of the file, processor time", value, 10))
    if wanted("wrong"):
        wrong, _ = make(folder, "unsorted", count, json_line, wrong=True)
        pairs = [(spent([*KIT, str(wrong)])[0], spent([*KIT, str(lines)])[0]) for _ in range(rounds)]
        value = statistics.median(one / two for one, two in pairs)
        ratios.append(at_most("every request signed wrongly in one way", "all right", value, 2))
    if wanted("nginx"):
        log, _ = make(folder, "nginx", count, nginx_line)
        value, _, _ = against(log, rounds=rounds)
        ratios.append(at_most("lines of nginx", "md5sum of the log", value, 8))
    if wanted("har"):
        entries = min(count, 100_000)
        har, _ = make(folder, "har", entries, har_entry)
        _, seconds, memory = against(har, rounds=1)
        ratios.append(at_most("HAR, microseconds an entry", "1", seconds / entries * 1e6, 25))
        ratios.append(at_most("HAR, memory in MiB", "1", memory / 1024, 48))
    if wanted("rsa"):
        keys, some = TestKeys(), min(count, 50_000)
        for sign_type, goal in (("RSA", 2.2), ("RSA2", 1.7)):
            signer, alipay = keys.merchant_signer(sign_type), keys.gateway_signer(sign_type)
            path, _ = make(folder, sign_type, some, json_line, (signer, alipay))
            empty = spent([*KIT, str(make(folder, "few", 10, json_line)[0])])[0]
            pairs = [
                (spent([*KIT, str(path)])[0] - empty, bare_verify(some, sign_type)) for _ in range(rounds)
            ]
            value = statistics.median(one / two for one, two in pairs)
            ratios.append(at_most(f"audit, {sign_type}, without the start", "the bare verify", value, goal))
    if args.elapsed:
        value, _, _ = against(lines, "--jobs", "2", rounds=rounds, which=1)
        ratios.append(at_most("audit, two processes, elapsed", "md5sum, elapsed", value, 3.8))
    return show(ratios)


if __name__ == "__main__":
    sys.exit(main())
