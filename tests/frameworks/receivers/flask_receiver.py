"""Flask as its guide shows it: the form as request.form has it. PORT and KEY are the environment's."""

import hashlib
import os

from flask import Flask, request

app = Flask(__name__)


@app.post("/notify")
def notify():
    fields = request.form.to_dict()
    sign, sign_type = fields.pop("sign", ""), fields.pop("sign_type", "")
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if fields[name])
    right = hashlib.md5((text + os.environ["KEY"]).encode()).hexdigest()
    return "success" if (sign_type, sign) == ("MD5", right) else "fail"


app.run("127.0.0.1", int(os.environ["PORT"]))
