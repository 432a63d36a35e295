#!/bin/sh
# The pre-sign string and its sign by sort, iconv and openssl: shares no code with the project.
#
#   oracle.sh CHARSET bytes                    the bytes that are signed
#   oracle.sh CHARSET MD5 KEY                  the sign
#   oracle.sh CHARSET RSA|RSA2 PRIVATE.pem     the sign
#   oracle.sh CHARSET RSA|RSA2 PUBLIC.pem SIGN 0 if SIGN (base64) holds
#
# Standard input: one parameter a line, its name in UTF-8, a tab, its value in UTF-8 as hex digits.
# A parameter without a value has no digits. Exit 3: a character does not exist in the charset.
set -eu
charset=$1 what=$2 key=${3-} sign=${4-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Drop, sort by the bytes of the names, join; the bytes leave as octal escapes, which printf can write.
LC_ALL=C awk -F '\t' '$1 != "sign" && $1 != "sign_type" && $2 != ""' |
  LC_ALL=C sort -s -t "$(printf '\t')" -k 1,1 |
  LC_ALL=C awk -F '\t' '
    BEGIN { for (i = 0; i < 256; i++) octal[sprintf("%02x", i)] = sprintf("\\%03o", i)
            for (i = 1; i < 256; i++) code[sprintf("%c", i)] = sprintf("\\%03o", i) }
    { if (NR > 1) printf "%s", code["&"]
      for (i = 1; i <= length($1); i++) printf "%s", code[substr($1, i, 1)]
      printf "%s", code["="]
      for (i = 1; i <= length($2); i += 2) printf "%s", octal[substr($2, i, 2)] }' >"$folder/escapes"
# shellcheck disable=SC2059  # the escapes are the format
printf "$(cat "$folder/escapes")" >"$folder/utf8"
iconv -f UTF-8 -t "$charset" <"$folder/utf8" >"$folder/bytes" 2>/dev/null || exit 3

case $what in
RSA) hash=sha1 ;;
RSA2) hash=sha256 ;;
esac
case $what in
bytes) cat "$folder/bytes" ;;
MD5)
  printf %s "$key" >>"$folder/bytes"
  openssl dgst -md5 -r <"$folder/bytes" | cut -c 1-32
  ;;
*)
  if [ -n "$sign" ]; then
    printf %s "$sign" | openssl base64 -d -A >"$folder/sign"
    openssl dgst "-$hash" -binary <"$folder/bytes" >"$folder/digest"
    # not dgst -verify: it reads no more of the signature than the key is long
    openssl pkeyutl -verify -pubin -inkey "$key" -sigfile "$folder/sign" -in "$folder/digest" \
      -pkeyopt "digest:$hash" >/dev/null 2>&1
  else
    openssl dgst "-$hash" -sign "$key" <"$folder/bytes" | openssl base64 -A
  fi
  ;;
esac
