<?php

declare(strict_types=1);

namespace Shop;

/** What the shop declines before anything is sent or booked; the message says why. */
final class Refused extends \RuntimeException
{
}

/** Everything Alipay gave us, and where to find it. Keys are PEM texts. */
final class Account
{
    public readonly string $md5Key;
    public readonly string $charset;

    public function __construct(
        public readonly string $partner,
        public readonly string $signType,
        string $charset,
        #[\SensitiveParameter] string $md5Key,
        #[\SensitiveParameter] public readonly string $privateKey,
        public readonly string $alipayPublicKey,
        public readonly string $gatewayUrl,
        public readonly string $notifyUrl,
        public readonly float $timeout = 15.0,
        public readonly ?string $caPem = null,
    ) {
        if ($partner === '') {
            throw new Refused('the partner id is empty');
        }
        // A key file read whole ends in a newline, which would be signed along.
        $this->md5Key = trim($md5Key);
        $this->charset = Charset::name($charset);
        Signing::known($signType);
    }

    public function __debugInfo(): array
    {
        return ['partner' => $this->partner, 'signType' => $this->signType, 'charset' => $this->charset];
    }
}

/** Text is UTF-8 in this program; on the wire it is in the account's charset. */
final class Charset
{
    public static function name(string $charset): string
    {
        $name = strtoupper($charset);
        if (!in_array($name, ['UTF-8', 'GBK', 'GB2312'], true)) {
            throw new Refused('the charset must be UTF-8, GBK or GB2312');
        }

        return $name;
    }

    /** A character that the charset lacks is an error: replacing it would sign what nobody wrote. */
    public static function encode(string $text, string $charset): string
    {
        $charset = self::name($charset);
        if (!mb_check_encoding($text, 'UTF-8')) {
            throw new Refused('a text is not UTF-8');
        }
        if ($charset === 'UTF-8') {
            return $text;
        }
        $bytes = @iconv('UTF-8', $charset, $text);
        // Some iconv libraries replace or drop what they cannot write, so look at what comes back. The
        // euro sign is the one character that iconv's GBK has (0x80) and GBK itself has not.
        if ($bytes === false || @iconv($charset, 'UTF-8', $bytes) !== $text || str_contains($text, '€')) {
            throw new Refused("a character does not exist in $charset");
        }

        return $bytes;
    }

    public static function decode(string $bytes, string $charset): string
    {
        $charset = self::name($charset);
        $text = $charset === 'UTF-8' ? $bytes : @iconv($charset, 'UTF-8', $bytes);
        if ($text === false || !mb_check_encoding($text, 'UTF-8')) {
            throw new Refused("the bytes are not $charset");
        }

        return $text;
    }
}

/** Signs what we send and checks what came. Parameters are [name, value] pairs; null is "no value". */
final class Signing
{
    private const HASHES = ['RSA' => OPENSSL_ALGO_SHA1, 'RSA2' => OPENSSL_ALGO_SHA256];

    public function __construct(private readonly Account $account)
    {
    }

    public static function known(string $signType): void
    {
        if ($signType !== 'MD5' && !isset(self::HASHES[$signType])) {
            throw new Refused('sign_type must be MD5, RSA or RSA2, in capital letters');
        }
    }

    /** The bytes that are signed. */
    public static function presign(array $pairs, string $charset): string
    {
        $signed = [];
        $seen = [];
        foreach ($pairs as [$name, $value]) {
            if (isset($seen[$name])) {
                throw new Refused("the parameter $name stands twice");
            }
            $seen[$name] = true;
            // Not empty($value): "0" is a value.
            if ($name !== 'sign' && $name !== 'sign_type' && $value !== null && $value !== '') {
                $signed[] = [$name, $value];
            }
        }
        // Not ksort(): it compares names such as "10" and "9" as numbers.
        usort($signed, static fn (array $a, array $b): int => strcmp($a[0], $b[0]));
        $text = implode('&', array_map(static fn (array $pair): string => "$pair[0]=$pair[1]", $signed));

        return Charset::encode($text, $charset);
    }

    public function sign(array $pairs, string $charset, string $signType): string
    {
        self::known($signType);
        $bytes = self::presign($pairs, $charset);
        if ($signType === 'MD5') {
            return $this->md5($bytes);
        }
        $key = openssl_pkey_get_private($this->account->privateKey);
        if ($key === false || !openssl_sign($bytes, $signature, $key, self::HASHES[$signType])) {
            throw new Refused('our private key cannot be used');
        }

        return base64_encode($signature);
    }

    /** Only the sign type of our own account counts, whatever the message claims. */
    public function verify(array $pairs, string $charset): bool
    {
        $sign = $signType = null;
        foreach ($pairs as [$name, $value]) {
            if ($name === 'sign') {
                $sign = $value;
            } elseif ($name === 'sign_type') {
                $signType = $value;
            }
        }
        if ($sign === null || $signType !== $this->account->signType) {
            return false;
        }
        try {
            $bytes = self::presign($pairs, $charset);
        } catch (Refused) {
            return false;
        }
        if ($signType === 'MD5') {
            return hash_equals($this->md5($bytes), $sign);
        }
        $signature = base64_decode($sign, true);
        $key = openssl_pkey_get_public($this->account->alipayPublicKey);
        if ($key === false) {
            throw new Refused("Alipay's public key cannot be used");
        }

        return $signature !== false && base64_encode($signature) === $sign
            && openssl_verify($bytes, $signature, $key, self::HASHES[$signType]) === 1;
    }

    private function md5(string $bytes): string
    {
        if ($this->account->md5Key === '') {
            throw new Refused('the account has no MD5 key');
        }

        return md5($bytes . $this->account->md5Key);
    }
}
