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
