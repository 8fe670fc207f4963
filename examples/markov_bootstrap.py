#!/usr/bin/env python3
"""A generator of header traces in plain Python, as an example of HeaderBench's `external`.

It reads a trace in NetShare's CSV layout (flows or packets), and writes another one of the same columns. A record's
service is its protocol with its well-known ports. Services follow each other by a first-order Markov chain; given the
service, each address and port is drawn by itself from the training records of that service, and the rest of the record
(duration, packets, bytes; length, header fields; labels) as a whole. The gaps between records are a bootstrap, too.

    python3 markov_bootstrap.py --train train.csv --out made.csv --records 1000 --seed 1
"""

import argparse
import csv
import random
import sys
from collections import defaultdict
from decimal import Decimal

ALONE = ("srcip", "dstip", "srcport", "dstport")  # drawn by themselves; everything else comes from one record
WELL_KNOWN = 1024


def service(row):
    ports = (int(row["srcport"]), int(row["dstport"]))
    return (row["proto"],) + tuple(port if port < WELL_KNOWN else None for port in ports)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", required=True, help="CSV file to learn from")
    parser.add_argument("--out", required=True, help="CSV file to write")
    parser.add_argument("--records", type=int, required=True, help="how many records to make")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another trace")
    arguments = parser.parse_args()

    with open(arguments.train, newline="") as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames
        rows = list(reader)
    if not rows:
        sys.exit(f"{arguments.train} has no records")
    clock = next((name for name in ("ts", "time") if name in columns), None)  # TON has none
    if clock:
        times = sorted(round(Decimal(row[clock]) * 1000) for row in rows)  # nanoseconds
        gaps = [later - sooner for sooner, later in zip(times, times[1:])] or [0]
        rows.sort(key=lambda row: Decimal(row[clock]))

    followers = defaultdict(list)  # service -> those that came next, with repetitions: drawing one is a step of the chain
    records = defaultdict(list)
    for row, following in zip(rows, rows[1:] + rows[:1]):
        followers[service(row)].append(service(following))
        records[service(row)].append(row)

    draw = random.Random(arguments.seed)
    state = service(draw.choice(rows))
    now = times[0] if clock else 0
    with open(arguments.out, "w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for _ in range(arguments.records):
            made = dict(draw.choice(records[state]))
            for name in ALONE:
                made[name] = draw.choice(records[state])[name]
            if clock:
                made[clock] = f"{now // 1000}.{now % 1000:03d}"
                now += draw.choice(gaps)
            writer.writerow(made)
            state = draw.choice(followers[state])
    print(f"{arguments.records} records over {len(records)} services")


if __name__ == "__main__":
    main()
