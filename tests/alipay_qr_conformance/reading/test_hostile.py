"""Inputs that make a careless reader slow: each takes about as long twice as long, and little memory."""

import json
import time

import pytest

from alipay_qr_conformance.reading.reader import read
from reading_wrappings import WRAPPINGS, sample

NOTIFICATION = sample("notification")
OBJECT = json.dumps(dict(NOTIFICATION.params))
UNITS = {
    "one letter": "x",
    "blanks": " ",
    "line ends": "\n",
    "ampersands": "&",
    "signs": "sign=",
    "signs on lines": "sign=x\n",
    "short forms": "service=a partner=b ",
    "open objects": '{"notify_id":',
    "brackets": "[",
    "quotes": '"',
    "backslashes": "\\",
    "escapes": "\\u0026partner=",
    "percent codes": "%26partner%3D",
    "open responses": "<alipay>",
    "open forms": "<form ",
    "commands": "curl 'x\n",
    "continued commands": "curl -d 'sign=x&partner=y' http://a/ \\\n",
    "open keys": "-----BEGIN PRIVATE KEY-----",
    "open and closed keys": "-----BEGIN PRIVATE KEY-----\t=>'-----END PRIVATE KEY-----",
    "base64": "MIICdgIBADANBgkqhkiG9w0BAQEFAASC\n",
    "half pairs": "notify_id=>",
    "named objects": '{"name":"sign","value":"x"},',
    "columns": "(sign,notify_id,partner) VALUES ('",
    "forms on one line": NOTIFICATION.form + " ",
    "objects on one line": OBJECT + ",",
    "maps on one line": "{" + ", ".join(map("=".join, NOTIFICATION.params)) + "} ",
    "escaped objects": json.dumps(OBJECT) + " ",
    "print_r": WRAPPINGS["print_r"](NOTIFICATION),
}


def seconds(text):
    begun = time.process_time()
    for _ in read(text.encode()):
        pass
    return time.process_time() - begun


@pytest.mark.parametrize("name", UNITS)
def test_the_time_grows_with_the_size_alone(name):
    unit = UNITS[name]
    short = unit * (30_000 // len(unit))
    once = min(seconds(short), seconds(short))
    assert seconds(short * 4) < 12 * once + 0.2
