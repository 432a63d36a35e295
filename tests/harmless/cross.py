"""The full cross: each harmless variant meets every case, in both editions and in every way of meeting it.

    python tests/harmless/cross.py [--profile hk] [--channel blackbox] [--jobs 4] [NAME ...]

A NAME is the beginning of a variant's name. Prints one line a run and the figures; the status is 1 where
somebody is accused.
"""

# ruff: noqa: T201 (a command prints)
import argparse
import sys
import time
from collections import Counter
from itertools import product
from multiprocessing import Pool
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(
        Path(__file__).resolve().parents[1]
    )  # not this folder, whose queue is not the library's

from harmless.base import VARIANTS
from harmless.run import CHANNELS, PROFILES, accusations, can_be_met


def run(job):
    """One variant, met in one way: what is said against it (None: it is not met so), and how long it took."""
    name, profile, channel = job
    variant, started = VARIANTS[name], time.monotonic()
    if not can_be_met(variant, channel, profile):
        return job, None, 0.0
    return job, accusations(variant, profile=profile, channel=channel), time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--profile", action="append", choices=PROFILES)
    parser.add_argument("--channel", action="append", choices=CHANNELS)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args()
    wanted = [name for name in VARIANTS if not args.names or name.startswith(tuple(args.names))]
    ways = product(args.profile or PROFILES, args.channel or CHANNELS)
    jobs = [(name, profile, channel) for profile, channel in ways for name in wanted]
    figures = Counter()
    with Pool(args.jobs, maxtasksperchild=8) as pool:
        for (name, profile, channel), said, seconds in pool.imap_unordered(run, jobs):
            word = "skipped" if said is None else "accused" if said else "clean"
            figures[profile, channel, word] += 1
            print(f"{profile:6} {channel:8} {name:45} {seconds:6.1f} s  {word}", flush=True)
            for each, text in (said or {}).items():
                print(f"    {each}: {text[:300]}", flush=True)
    for (profile, channel, word), count in sorted(figures.items()):
        print(f"{profile:6} {channel:8} {word}: {count}")
    return 1 if any(word == "accused" for _, _, word in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
