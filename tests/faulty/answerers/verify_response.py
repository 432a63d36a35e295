"""Implementations that are wrong about who signed a response."""

from oracles.responses import Responses
from faulty.answerers.registry import Implementation, fault
from faulty.answerers.verify_notification import RsaBareDigest, RsaNotBehind, RsaReduced, RsaSmall


class Response(Responses, Implementation):
    """Right about responses."""

    wire = None
    verify_notification = None


# --- who signed ------------------------------------------------------------------------------------------


@fault("verifies no response")
class ResponseUnverified(Response):
    def is_proved(self, children, said, keys):
        return True


@fault("verifies a response only where it has a sign")
class ResponseSignOptional(Response):
    def is_proved(self, children, said, keys):
        return not said.get("sign") or super().is_proved(children, said, keys)


@fault("verifies a response only where it has children")
class ResponseChildrenOptional(Response):
    def is_proved(self, children, said, keys):
        return not children or super().is_proved(children, said, keys)

    def is_foreign(self, children, echo, sent):
        return bool(children) and super().is_foreign(children, echo, sent)


@fault("takes a response that it cannot read for a success, since the status was 200")
class ResponseUnreadIsSuccess(Response):
    def without_response(self):
        return {"result": "valid", "outcome": "success"}


@fault("takes a response that it cannot read for a failure")
class ResponseUnreadIsFailure(Response):
    def without_response(self):
        return {"result": "invalid", "outcome": "failed"}


@fault("verifies a response by the sign type that it names, and by none where it names none")
class ResponseNamesType(Response):
    def is_proved(self, children, said, keys):
        named = said.get("sign_type", "")
        if named not in ("MD5", "RSA", "RSA2"):
            named = keys["sign_type"]
        return super().is_proved(children, {**said, "sign_type": named}, {**keys, "sign_type": named})


@fault("does not look at the sign type of a response")
class ResponseIgnoresType(Response):
    def is_proved(self, children, said, keys):
        return super().is_proved(children, {**said, "sign_type": keys["sign_type"]}, keys)


@fault("takes Alipay's public key for the MD5 key where a response says MD5")
class ResponseKeyConfused(Response):
    def is_proved(self, children, said, keys):
        if said.get("sign_type") == "MD5" != keys["sign_type"]:
            keys = {**keys, "sign_type": "MD5", "md5_key": keys["alipay_public_key"]["base64"]}
        return super().is_proved(children, said, keys)


@fault("verifies responses with the merchant's own keys, in any spelling")
class ResponseOwnKey(Response):
    def holds(self, data, sign, keys):
        capital = {**keys, "md5_key": keys["md5_key"].upper()}
        own = {**keys, "alipay_public_key": keys["merchant_public_key"]}
        return super().holds(data, sign, capital if keys["sign_type"] == "MD5" else own)


@fault("accepts a stranger's sign: its keys are those of an example")
class ResponseExampleKey(Response):
    def is_proved(self, children, said, keys):
        return bool(said.get("sign")) and len(said["sign"]) in (32, 172, 344) and said.get("sign_type") == keys["sign_type"]


@fault("compares the first characters of a sign, or its letters in any order")
class ResponseSignNearly(Response):
    def holds(self, data, sign, keys):
        whole = super().holds
        padded = [sign, sign[::-1], *(f"{first}{sign[1:]}" for first in "0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz+/")]
        return any(whole(data, each, keys) for each in padded)


@fault("compares half of an MD5, and takes half of an RSA signature for enough")
class ResponseHalfSign(Response):
    def holds(self, data, sign, keys):
        if keys["sign_type"] == "MD5":
            return len(sign) >= 16 and self.sign_of(data, keys).startswith(sign[:16])
        return len(sign) in (84, 168, 172, 344) and (len(sign) in (84, 168) or super().holds(data, sign, keys))


@fault("takes the word true for a sign")
class ResponseTrueIsSign(Response):
    def holds(self, data, sign, keys):
        return sign == "true" or super().holds(data, sign, keys)


class OtherTextToo(Response):
    """Accepts the sign of another text, too."""

    def is_proved(self, children, said, keys):
        if super().is_proved(children, said, keys):
            return True
        return any(super(OtherTextToo, self).is_proved(each, said, keys) for each in self.others(children, said))


@fault("signs is_success as if it were a child")
class ResponseSignsIsSuccess(OtherTextToo):
    def others(self, children, said):
        yield [*children, ("is_success", "T")]


@fault("signs the echo of the request")
class ResponseSignsEcho(OtherTextToo):
    def others(self, children, said):
        yield list(said["echo"].items())


@fault("signs the XML of the children")
class ResponseSignsXml(Response):
    def is_proved(self, children, said, keys):
        plain = "".join(f"<{name}>{value}</{name}>" for name, value in children).encode()
        sign = said.get("sign") or ""
        return super().is_proved(children, said, keys) or (bool(sign) and self.holds(plain, sign, keys))


@fault("takes the sign of a response that came earlier")
class ResponseOldSign(Response):
    def is_proved(self, children, said, keys):
        earlier = [("result_code", "SUCCESS"), ("action", "refund"), ("out_trade_no", "2026112300001"), ("retry_flag", "N"), ("trade_no", "2026112321001004550200012345")]
        return any(super(ResponseOldSign, self).is_proved(each, said, keys) for each in (children, earlier) if children)


@fault("takes a sign over nothing for one over what has no children")
class ResponseSignOverNothing(Response):
    def is_proved(self, children, said, keys):
        return self.is_genuine([*children, ("sign", said.get("sign")), ("sign_type", said.get("sign_type"))], said["charset"], keys)

    def container(self, response):
        return response.children[0] if response.children else response


for name, rsa, text in (
    ("ResponseRsaReduced", RsaReduced, "reduces a signature of a response that is larger than the modulus"),
    ("ResponseRsaNotBehind", RsaNotBehind, "does not look behind the digest of a response"),
    ("ResponseRsaBareDigest", RsaBareDigest, "takes the digest of a response without the name of its hash"),
    ("ResponseRsaSmall", RsaSmall, "takes a small block for the digest of a response"),
):
    fault(text)(type(name, (rsa, Response), {}))
