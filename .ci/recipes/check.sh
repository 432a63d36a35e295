#!/usr/bin/env bash
# One run of `alipay-qr check` for a pipeline, steered by the environment (see action.yml).
# ADAPTER and ARGUMENTS hold one argument a line; they become arrays, and nothing is evaluated.
set -euo pipefail

read_lines() { # TEXT: its lines into the array `lines`, empty ones left out (bash 3.2 has no mapfile)
  local line
  lines=()
  while IFS= read -r line; do
    [[ -z $line ]] || lines+=("$line")
  done <<<"$1"
}

reports=${REPORTS:-alipay-qr-reports}
mkdir -p -- "$reports"
arguments=(
  --level "${LEVEL:-4}"
  --fail-on "${FAIL_ON:-must}"
  --report "json=$reports/report.json"
  --report "html=$reports/report.html"
  --report "junit=$reports/junit.xml"
  --report "sarif=$reports/alipay-qr.sarif"
  --report "markdown=$reports/summary.md"
)
[[ -z ${REQUIRE_LEVEL:-} ]] || arguments+=(--require-level "$REQUIRE_LEVEL")
[[ -z ${KNOWN_FAILURES:-} ]] || arguments+=(--known-failures "$KNOWN_FAILURES")
[[ -z ${PYTHON_SUBJECT:-} ]] || arguments+=(--python "$PYTHON_SUBJECT")
read_lines "${ARGUMENTS:-}"
if ((${#lines[@]})); then arguments+=("${lines[@]}"); fi
read_lines "${ADAPTER:-}"
if ((${#lines[@]})); then arguments+=(-- "${lines[@]}"); fi

code=0
alipay-qr check "${arguments[@]}" || code=$?

if [[ -n ${GITHUB_STEP_SUMMARY:-} && -f $reports/summary.md ]]; then cat -- "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
if [[ -n ${GITHUB_OUTPUT:-} ]]; then printf 'reports=%s\n' "${reports//$'\n'/}" >>"$GITHUB_OUTPUT"; fi
exit "$code"
