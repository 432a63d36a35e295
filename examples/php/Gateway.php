<?php

declare(strict_types=1);

namespace Shop;

/**
 * What came of a request.
 *
 * success: signed, and the business result is SUCCESS. failed: refused, and nothing was done. unknown:
 * it may or may not have been done; repeat it with the same ids. A failure that is not signed (a gateway
 * error) speaks of this one request only, not of earlier attempts.
 */
final class Reply
{
    public function __construct(
        public readonly string $outcome,
        public readonly ?string $code = null,
        public readonly array $fields = [],
        public readonly bool $signed = false,
    ) {
    }

    public static function unknown(?string $code = null): self
    {
        return new self('unknown', $code);
    }

    /** A signed answer proves something only about the ids that it names. */
    public function unlessAbout(bool $ours): self
    {
        return $this->outcome === 'success' && !$ours ? self::unknown() : $this;
    }
}

/** Talks to Alipay's gateway: a form goes out by POST, XML comes back. */
final class Gateway
{
    private const LARGEST_ANSWER = 1 << 20;

    /** Codes after which nobody knows whether the request was carried out. */
    private const SYSTEM_ERRORS = [
        'SYSTEM_ERROR', 'SYSTEM_EXCEPTION', 'SESSION_TIMEOUT', 'ILLEGAL_TARGET_SERVICE',
        'ILLEGAL_ACCESS_SWITCH_SYSTEM', 'ILLEGAL_SWITCH_SYSTEM', 'EXTERFACE_IS_CLOSED',
    ];

    public function __construct(private readonly Account $account, private readonly Signing $signing)
    {
    }

    /**
     * Signs and encodes a request; whatever is wrong with it is found here, before anything is sent.
     *
     * @param array<string, string|null> $fields
     * @return array{url: string, body: string}
     */
    public function prepare(string $service, array $fields, ?string $gatewayUrl): array
    {
        $charset = $this->account->charset;
        $url = $gatewayUrl ?? $this->account->gatewayUrl;
        if (!preg_match('~^(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])~i', $url)) {
            throw new Refused('the gateway is reached by https only');
        }
        $fields += ['service' => $service, 'partner' => $this->account->partner, '_input_charset' => $charset];
        $pairs = [];
        foreach ($fields as $name => $value) {
            if ($value !== null && $value !== '') {
                $pairs[] = [$name, $value];
            }
        }
        $pairs[] = ['sign', $this->signing->sign($pairs, $charset, $this->account->signType)];
        $pairs[] = ['sign_type', $this->account->signType];

        // The gateway reads the charset from the URL, before it can read the body.
        $body = [];
        foreach ($pairs as [$name, $value]) {
            if ($name !== '_input_charset') {
                $body[] = $name . '=' . rawurlencode(Charset::encode($value, $charset));
            }
        }

        return [
            'url' => $url . (str_contains($url, '?') ? '&' : '?') . "_input_charset=$charset",
            'body' => implode('&', $body),
        ];
    }

    /** @param array{url: string, body: string} $request */
    public function send(array $request): Reply
    {
        $answer = '';
        $options = [
            CURLOPT_URL => $request['url'],
            CURLOPT_POSTFIELDS => $request['body'],
            CURLOPT_HTTPHEADER => [
                "Content-Type: application/x-www-form-urlencoded; charset={$this->account->charset}",
                'Expect:',
            ],
            CURLOPT_CONNECTTIMEOUT_MS => (int) (1000 * min(3.0, $this->account->timeout)),
            CURLOPT_TIMEOUT_MS => (int) (1000 * $this->account->timeout),
            CURLOPT_NOSIGNAL => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_PROXY => '',
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_WRITEFUNCTION => static function ($handle, string $part) use (&$answer): int {
                $answer .= $part;

                return strlen($answer) > self::LARGEST_ANSWER ? 0 : strlen($part);
            },
        ];
        if ($this->account->caPem !== null) {
            $options[CURLOPT_CAINFO_BLOB] = $this->account->caPem;
        }
        $handle = curl_init();
        curl_setopt_array($handle, $options);
        $complete = curl_exec($handle);
        if ($complete === false || curl_getinfo($handle, CURLINFO_RESPONSE_CODE) !== 200) {
            return Reply::unknown();
        }

        return $this->read($answer);
    }

    private function read(string $xml): Reply
    {
        $document = new \DOMDocument();
        if ($xml === '' || stripos($xml, '<!DOCTYPE') !== false
            || !$document->loadXML($xml, LIBXML_NONET | LIBXML_NOERROR | LIBXML_NOWARNING)
            || $document->doctype !== null || $document->documentElement->nodeName !== 'alipay'
        ) {
            return Reply::unknown();
        }
        $parts = self::children($document->documentElement);
        if ($parts === null) {
            return Reply::unknown();
        }
        $text = static fn (string $name): ?string => isset($parts[$name]) ? self::text($parts[$name]) : null;
        $isSuccess = $text('is_success');
        $error = $text('error');

        if ($isSuccess === 'F' && !isset($parts['sign'])) {
            $undone = $error !== null && $error !== '' && !in_array($error, self::SYSTEM_ERRORS, true);

            return $undone ? new Reply('failed', $error) : Reply::unknown($error);
        }
        $fields = isset($parts['response']) ? self::signedFields($parts['response']) : null;
        if ($fields === null || ($isSuccess !== 'T' && $isSuccess !== 'F')) {
            return Reply::unknown();
        }
        $pairs = [['sign', $text('sign')], ['sign_type', $text('sign_type')]];
        foreach ($fields as $name => $value) {
            $pairs[] = [(string) $name, $value];
        }
        if (isset($fields['sign']) || isset($fields['sign_type'])
            || !$this->signing->verify($pairs, $document->encoding ?: 'UTF-8')
        ) {
            return Reply::unknown();
        }

        $code = ($fields['detail_error_code'] ?? '') ?: ($fields['error'] ?? '') ?: $error ?: null;
        $made = ($fields['qrcode'] ?? '') !== '';  // CREATE may be answered without result_code
        $result = $fields['result_code'] ?? ($made ? 'SUCCESS' : '');
        if ($isSuccess === 'T' && $result === 'SUCCESS') {
            return new Reply('success', null, $fields, true);
        }
        $undone = ($isSuccess === 'F' || $result === 'FAIL' || $result === 'FAILED')
            && !in_array($code, self::SYSTEM_ERRORS, true);

        return $undone ? new Reply('failed', $code, $fields, true) : Reply::unknown($code);
    }

    /**
     * What is signed: the children of the first child of <response>, whatever that is called.
     *
     * @return array<array-key, string>|null
     */
    private static function signedFields(\DOMElement $response): ?array
    {
        $container = $response->firstElementChild;
        $children = $container === null ? null : self::children($container);
        if ($children === null) {
            return null;
        }
        $fields = [];
        foreach ($children as $name => $child) {
            if ($child->firstElementChild !== null) {
                return null;
            }
            $fields[$name] = self::text($child);
        }

        return $fields;
    }

    /** @return array<array-key, \DOMElement>|null null where a name stands twice: which one would count? */
    private static function children(\DOMElement $parent): ?array
    {
        $children = [];
        for ($child = $parent->firstElementChild; $child !== null; $child = $child->nextElementSibling) {
            if (isset($children[$child->nodeName])) {
                return null;
            }
            $children[$child->nodeName] = $child;
        }

        return $children;
    }

    private static function text(\DOMElement $element): string
    {
        return trim($element->textContent, " \t\r\n");
    }
}
