"""Django as its guide shows it: the form as request.POST has it. PORT and KEY are the environment's."""

import hashlib
import os
from wsgiref.simple_server import make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])


def notify(request):
    fields = request.POST.dict()
    sign, sign_type = fields.pop("sign", ""), fields.pop("sign_type", "")
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if fields[name])
    right = hashlib.md5((text + os.environ["KEY"]).encode()).hexdigest()
    return HttpResponse("success" if (sign_type, sign) == ("MD5", right) else "fail")


urlpatterns = [path("notify", notify)]

make_server("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application()).serve_forever()
