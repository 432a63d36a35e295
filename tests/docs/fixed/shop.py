"""A shop whose gateway stands in its code: it asks for a code, or prints the form that a browser submits."""

import hashlib
import html
import json
import os
import sys

import requests

GATEWAY = "https://globalmapi.alipay.com/gateway.do"

params = json.loads(os.environ["PARAMS"])
text = "&".join(f"{name}={params[name]}" for name in sorted(params))
params["sign"] = hashlib.md5((text + os.environ["MD5_KEY"]).encode()).hexdigest()
params["sign_type"] = "MD5"
if sys.argv[1] == "form":
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in params.items()
    )
    print(
        f'<form action="{GATEWAY}?_input_charset=UTF-8" method="post">{fields}<input type="submit" value="Pay"></form>'
    )
else:
    try:
        print(requests.get(GATEWAY, params=params, timeout=20).text)
    except requests.RequestException as error:
        print(error)
