#!/usr/bin/env bash
# Presses a button of a shop on this machine: press.sh PORT PATH [name=value ...]. Starts in a moment, wants no program.
LC_ALL=C
query=
for pair in "${@:3}"; do
  value=${pair#*=}
  escaped=
  for ((at = 0; at < ${#value}; at++)); do
    printf -v byte '%%%02X' "'${value:at:1}"
    escaped+="%${byte: -2}"
  done
  query+="${pair%%=*}=$escaped&"
done
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET %s?%s HTTP/1.0\r\n\r\n' "$2" "$query" >&3
while IFS= read -r line <&3 || [[ -n $line ]]; do last=$line; done
printf '%s\n' "$last"
