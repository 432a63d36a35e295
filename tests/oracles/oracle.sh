#!/bin/sh
# Pre-sign strings and their signs by sort, iconv and openssl: shares no code with the project.
#
#   oracle.sh FOLDER      answers every question in FOLDER; shell.py writes them and reads the answers
#
#   questions   a line each: number, charset, and what is asked, with blanks between:
#                 bytes              NUMBER.out: the bytes that are signed
#                 MD5 KEY            digests: the digest of these and what stands in the file KEY, and its name
#                 RSA|RSA2 KEY       NUMBER.out: the signature by the private key in the file KEY
#                 RSA|RSA2 KEY SIGN  NUMBER.status: 0 if the signature in the file SIGN holds, by a public key
#   params      a line a parameter: number of the question, tab, name in UTF-8, tab, value in UTF-8 as hex digits.
#               A parameter without a value has no digits.
#
# NUMBER.status is written always, and is 3 where a character does not exist in the charset.
set -eu
cd "$1"

# Drop, sort by the bytes of the names, join; the bytes leave as octal escapes, which printf can write.
LC_ALL=C awk -F '\t' '$2 != "sign" && $2 != "sign_type" && $3 != ""' params |
  LC_ALL=C sort -s -t "$(printf '\t')" -k 1,1n -k 2,2 |
  LC_ALL=C awk -F '\t' '
    BEGIN { for (i = 0; i < 256; i++) octal[sprintf("%02x", i)] = sprintf("\\%03o", i)
            for (i = 1; i < 256; i++) code[sprintf("%c", i)] = sprintf("\\%03o", i) }
    { if (NR == 1 || $1 != number) { if (NR > 1) close(file); number = $1; file = number ".escapes" }
      else printf "%s", code["&"] >file
      for (i = 1; i <= length($2); i++) printf "%s", code[substr($2, i, 1)] >file
      printf "%s", code["="] >file
      for (i = 1; i <= length($3); i += 2) printf "%s", octal[substr($3, i, 2)] >file }'

digested=
while read -r number charset what key sign; do
  escapes=
  if [ -e "$number.escapes" ]; then read -r escapes <"$number.escapes" || :; fi # its line has no end
  # shellcheck disable=SC2059  # the escapes are the format
  printf "$escapes" | iconv -f UTF-8 -t "$charset" >"$number.bytes" 2>/dev/null || {
    echo 3 >"$number.status"
    continue
  }
  status=0
  case $what in
  RSA) hash=sha1 ;;
  RSA2) hash=sha256 ;;
  esac
  case $what in
  bytes) mv "$number.bytes" "$number.out" ;;
  MD5)
    IFS= read -r secret <"$key" || : # nor has the key's
    printf %s "$secret" >>"$number.bytes"
    digested="$digested $number.bytes"
    ;;
  *)
    if [ -n "$sign" ]; then
      # not dgst -verify: it reads no more of the signature than the key is long
      openssl pkeyutl -verify -rawin -digest "$hash" -pubin -inkey "$key" -sigfile "$sign" -in "$number.bytes" \
        >/dev/null 2>&1 || status=1
    else
      openssl dgst "-$hash" -sign "$key" -out "$number.out" "$number.bytes"
    fi
    ;;
  esac
  echo "$status" >"$number.status"
done <questions
# shellcheck disable=SC2086  # names without blanks
if [ -n "$digested" ]; then openssl dgst -md5 -r $digested >digests; fi
