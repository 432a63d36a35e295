"""HAR entries by msgspec: what an exchange needs is read by its types, the rest is checked and skipped.

It reads what `alipay_qr_conformance.reading.har` reads, alike; where a writer does anything unusual it reads
nothing, and the entry is read there.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from alipay_qr_conformance.reading.exchange import Exchange


def entry_reader(
    content: Callable[[str, object], bytes],
) -> Callable[[str, int, int], Exchange | None] | None:
    """Return what reads the text of one entry, its offset and its number; None without msgspec.

    It returns None for an entry that it does not read, whether that is broken or unusual.

    Args:
        content: decodes a text by the ``encoding`` beside it.
    """
    try:
        import msgspec  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    decode = msgspec.json.Decoder(_entry(msgspec)).decode

    def read(text: str, offset: int, number: int) -> Exchange | None:
        try:
            entry = decode(text)
        except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
            return None
        request = entry.request
        post, url = request.postData, request.url
        kind, body = "", None
        if post is not None:
            kind, body = post.mimeType or "", post.text
            if not body and post.params is not None:
                return None
        method = request.method or ("POST" if body else "GET")
        bare = body is None and method == "GET"
        if (not kind and not bare) or (not body and "?" not in url):
            return None
        found = Exchange("har", offset, 0, number, method, url.encode(), kind)
        if bare:
            found.body = b""
        elif body is not None:
            found.body = content(body, post.encoding)
        found.time = entry.startedDateTime or ""
        response = entry.response
        if response is not None:
            found.status = response.status
            _reply(found, response.content, content)
        return found

    return read


def _reply(found: Exchange, answer: Any, content: Callable[[str, object], bytes]) -> None:
    if answer is None:
        return
    if answer.size is not None:
        found.reply_size = answer.size
    if answer.text is not None:
        found.reply = content(answer.text, answer.encoding)
    elif found.reply_size == 0:
        found.reply = b""


@cache
def _entry(msgspec: Any) -> Any:
    """Return the type of an entry; made once, for a text may hold thousands of small files."""

    def made(name: str, **types: Any) -> Any:
        fields = [
            (each, kind) if each in {"url", "request"} else (each, kind | None, None)
            for each, kind in types.items()
        ]
        return msgspec.defstruct(name, fields, gc=False)

    post = made("Post", mimeType=str, text=str, encoding=str, params=list[msgspec.Raw])
    request = made("Request", url=str, method=str, postData=post)
    content = made("Content", size=int, text=str, encoding=str)
    response = made("Response", status=int, content=content)
    return made("Entry", request=request, response=response, startedDateTime=str)
