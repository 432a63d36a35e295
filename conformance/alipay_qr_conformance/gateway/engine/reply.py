"""A reply of the gateway before it becomes bytes: fields, echo, signature, or an error code."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from alipay_qr.signing import Signer, sign_params
from alipay_qr.wire import encode_error, encode_response
from alipay_qr_conformance.gateway.engine.response import Answer

_XML_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the gateway says.

    Args:
        fields: the children of the result, in their order; they are what is signed.
        charset: of the request, and so of the answer.
        request: the parameters of the request, to be echoed.
        container: the name of the element that holds the fields.
        error: a gateway error: then nothing else is sent, and nothing is signed.
        sign, sign_type: the signature; None while there is none.
    """

    fields: tuple[tuple[str, str], ...] = ()
    charset: str = "UTF-8"
    request: tuple[tuple[str, str], ...] = ()
    container: str = "alipay"
    error: str | None = None
    sign: str | None = None
    sign_type: str | None = None

    def changed(self, changes: Mapping[str, str | None]) -> "Reply":
        """Return the reply with some fields changed, added or (None) taken away; the sign is left alone."""
        merged: dict[str, str | None] = {**dict(self.fields), **changes}
        return replace(
            self, fields=tuple((name, value) for name, value in merged.items() if value is not None)
        )

    def signed(self, signer: Signer) -> "Reply":
        """Return the reply with a signature over its fields; a gateway error stays unsigned.

        Readers trim the children before they verify, so they are trimmed before they are signed.

        Raises:
            Unencodable: a field cannot be written in the reply's charset.
        """
        if self.error is not None:
            return self
        fields = tuple([(name, value.strip(_XML_BLANKS)) for name, value in self.fields])
        sign = sign_params(fields, signer, self.charset)
        return Reply(fields, self.charset, self.request, self.container, None, sign, signer.sign_type)

    def answer(self) -> Answer:
        """Return the reply as an HTTP answer.

        Raises:
            Unencodable: a field holds a character that XML cannot hold.
        """
        if self.error is not None:
            body = encode_error(self.error, self.charset)
        else:
            body = encode_response(
                self.fields,
                container=self.container,
                request=self.request,
                sign=self.sign,
                sign_type=self.sign_type,
                charset=self.charset,
            )
        return Answer(body, content_type=f"text/xml;charset={self.charset}")
