<?php
namespace AlipayQr;

/** The golden vectors by their name, such as `Vectors::load('presign')`; README.md describes their form. */
final class Vectors
{
    public static function load(string $name): array
    {
        $text = file_get_contents(__DIR__ . '/' . basename($name) . '.json');
        return json_decode($text, true, 512, JSON_THROW_ON_ERROR);
    }
}
