"""Merchants that break `verify.*`: they refuse what is genuine; and harmless variants of verifying."""

from faulty.reference import Healthy, fault, harmless, private_key


@fault(
    "verifies with its own public key instead of Alipay's",
    "verify.genuine", "verify.reject.other-key", "notify.genuine", "notify.reject.other-key",
    "response.genuine", "response.unproved",
)
class OwnKeyToVerify(Healthy):
    def rsa_key_to_verify_with(self):
        return private_key(self.settings["merchant_private_key"]["pkcs8_pem"]).public_key()


@fault("has a verification that never ran: it raises", "verify.genuine", "notify.genuine", "response.genuine")
class VerificationRaises(Healthy):
    def is_genuine(self, params, charset):
        return openssl_verify(params)  # noqa: F821 (that is the fault)


@fault("refuses messages with a field that it does not know", "verify.genuine", "notify.genuine", "response.genuine")
class UnknownFieldRefused(Healthy):
    def is_genuine(self, params, charset):
        return not any(name.startswith("x_") for name, _ in params) and super().is_genuine(params, charset)


@harmless("raises on a message that is not genuine")
class RaisesOnForgery(Healthy):
    def verify(self, params, charset):
        if not self.is_genuine(params, charset):
            raise ValueError("not genuine")
        return {"valid": True}


@fault("has no table for RSA2 where it verifies, and raises", "verify.genuine", "notify.genuine", "response.genuine")
class NoTableForRsa2(Healthy):
    def rsa_holds(self, data, sign, sign_type):
        return super().rsa_holds(data, sign, {"RSA": "RSA"}[sign_type])


@fault("verifies JSON values without their braces", "verify.genuine", "notify.genuine")
class BracesDropped(Healthy):
    def bytes_to_verify(self, params, charset):
        return super().bytes_to_verify([(name, value.strip("{}") if value else value) for name, value in params], charset)


@fault("leaves values out of what it verifies that begin with #, as comments do", "verify.genuine", "notify.genuine", "verify.reject.changed", "notify.reject.changed")
class CommentsDropped(Healthy):
    def bytes_to_verify(self, params, charset):
        return super().bytes_to_verify([(name, value) for name, value in params if not (value or "").startswith("#")], charset)


@fault("leaves a value out of what it verifies that is a single dash, its mark for nothing", "verify.genuine", "notify.genuine", "verify.reject.changed", "notify.reject.changed")
class DashIsNothing(Healthy):
    def bytes_to_verify(self, params, charset):
        return super().bytes_to_verify([(name, value) for name, value in params if value != "-"], charset)


@fault("refuses every message, genuine or forged", "verify.genuine", "notify.genuine", "response.genuine")
class RefusesEverything(Healthy):
    def is_genuine(self, params, charset):
        return False
