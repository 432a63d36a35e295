"""Words for mistakes in the digest and in the sign type that names it."""

# ruff: noqa: E501 (a sentence stays on one line; Chinese has its own punctuation)

from typing import Final

from alipay_qr_conformance.doctor.rows.row import Row, row

ROWS: Final[tuple[Row, ...]] = (
    row(
        "digest.hmac",
        4,
        (
            "HMAC was used instead of the plain hash ({detail})",
            "The protocol hashes text + key.",
            "Use MD5 over text + key.",
        ),
        ("使用了 HMAC 而不是普通散列（{detail}）", "协议对 文本 + 密钥 做散列。", "对 文本 + 密钥 做 MD5。"),
    ),
    row(
        "digest.twice",
        4,
        ("the hash was taken twice ({detail})", "The hash of the hash is another value.", "Hash once."),
        ("做了两次散列（{detail}）", "散列的散列是另一个值。", "只做一次散列。"),
    ),
    row(
        "digest.inner",
        5,
        (
            "the text was hashed before the key was appended ({detail})",
            "The key follows the text itself.",
            "Hash text + key in one go.",
        ),
        (
            "先对文本做散列，再拼接密钥（{detail}）",
            "密钥应接在文本本身之后。",
            "对 文本 + 密钥 一次性做散列。",
        ),
    ),
    row(
        "digest.other-hash",
        3,
        ("the hash is {detail}, not MD5", "sign_type MD5 means MD5.", "Use MD5."),
        ("散列算法是 {detail}，不是 MD5", "sign_type 为 MD5 时必须用 MD5。", "使用 MD5。"),
    ),
    row(
        "digest.rsa-hash",
        1,
        (
            "the RSA signature holds {detail}",
            "RSA means SHA1withRSA, RSA2 means SHA256withRSA.",
            "Choose the algorithm by sign_type: RSA SHA-1, RSA2 SHA-256.",
        ),
        (
            "RSA 签名内的散列是 {detail}",
            "RSA 指 SHA1withRSA，RSA2 指 SHA256withRSA。",
            "按 sign_type 选择算法：RSA 用 SHA-1，RSA2 用 SHA-256。",
        ),
    ),
    row(
        "digest.rsa-form",
        3,
        (
            "the RSA signature has the wrong inside: {detail}",
            "Wanted is PKCS#1 v1.5 with a DigestInfo around the hash.",
            "Use the library's sign function (SHA1withRSA), not its encrypt function, and PKCS#1 v1.5 padding, not PSS.",
        ),
        (
            "RSA 签名内部结构不对：{detail}",
            "应为 PKCS#1 v1.5，散列外有 DigestInfo。",
            "用库的签名函数（SHA1withRSA），不要用加密函数；填充用 PKCS#1 v1.5，不要用 PSS。",
        ),
    ),
    row(
        "digest.encrypted",
        4,
        (
            "the text was encrypted with the public key instead of being signed ({detail})",
            "A signature is made with the private key.",
            "Use the sign function with your private key.",
        ),
        ("用公钥加密了文本，而不是签名（{detail}）", "签名必须用私钥。", "用私钥调用签名函数。"),
    ),
    row(
        "digest.of-digest",
        3,
        (
            "a digest was signed instead of the text ({detail})",
            "The library hashes by itself; here the text was hashed before.",
            "Pass the text to the sign function, not its digest.",
        ),
        (
            "签名的是摘要而不是文本（{detail}）",
            "签名函数自己会做散列，这里事先又做了一次。",
            "把文本而不是摘要传给签名函数。",
        ),
    ),
    row(
        "sign-type.form",
        1,
        (
            "sign_type is written {detail}",
            "The gateway knows MD5, RSA and RSA2 in capital letters only.",
            "Write the sign type in capital letters, without blanks.",
        ),
        ("sign_type 写成了 {detail}", "网关只认大写的 MD5、RSA、RSA2。", "sign_type 用大写，不带空格。"),
    ),
    row(
        "sign-type.missing",
        2,
        ("sign_type is missing from the message", "It is not signed but must be sent.", "Send sign_type."),
        ("报文中没有 sign_type", "它不参与签名，但必须发送。", "发送 sign_type。"),
    ),
    row(
        "sign-type.mismatch",
        2,
        (
            "sign_type does not fit the sign: {detail}",
            "The sign was made with another algorithm than sign_type says.",
            "Make sign_type and the algorithm agree.",
        ),
        (
            "sign_type 与签名不符：{detail}",
            "签名所用算法与 sign_type 不一致。",
            "让 sign_type 与签名算法一致。",
        ),
    ),
)
