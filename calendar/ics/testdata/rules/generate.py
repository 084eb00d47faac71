#!/usr/bin/env python3
"""Writes golden.tsv: recurrence rules and what python-dateutil makes of them.

    pip install python-dateutil
    python3 generate.py > golden.tsv

A line is: DTSTART, RRULE, the start and the end of a window, the number of occurrences in it, the CRC-32 of their times as
YYYYMMDDTHHMMSS one a line, the first, the last. DTSTART itself is left out of the occurrences, because dateutil leaves it out
where it does not fit the rule. All times are wall clocks.

Left out, because dateutil departs from RFC 5545 there: BYDAY lists with both numbered and plain days (their union is meant,
dateutil takes their intersection); BYSETPOS in a first week that does not begin with DTSTART (dateutil counts positions
from DTSTART); BYWEEKNO 52 and 53 (dateutil takes 1 January 2011, in week 52, for a day of week 53) and negative ones.
"""
import random
import signal
import sys
import zlib
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

CASES = 4000
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
rnd = random.Random(20260316)


def some(values, most):
    return sorted(rnd.sample(list(values), rnd.randint(1, most)))


def signed(high, most):
    return [n if rnd.random() < 0.7 else -n for n in some(range(1, high + 1), most)]


def join(values):
    return ",".join(str(v) for v in values)


def rule():
    freq = rnd.choice(["YEARLY", "YEARLY", "MONTHLY", "MONTHLY", "WEEKLY", "WEEKLY", "DAILY", "HOURLY"])
    start = datetime(rnd.randint(1990, 2027), rnd.randint(1, 12), rnd.randint(1, 28), rnd.randint(0, 23), rnd.choice([0, 15, 30, 59]))
    if rnd.random() < 0.1:
        start = start.replace(month=rnd.choice([1, 3, 5, 7, 8, 10, 12]), day=rnd.randint(29, 31))
    parts = ["FREQ=" + freq]
    if rnd.random() < 0.5:
        parts.append("INTERVAL=%d" % rnd.choice([1, 2, 2, 3, 4, 5, 7, 13]))
    wkst = "MO"
    if rnd.random() < 0.3:
        wkst = rnd.choice(DAYS)
        parts.append("WKST=" + wkst)
    names = []
    if rnd.random() < 0.35:
        names.append("BYMONTH=" + join(some(range(1, 13), 4)))
    if freq == "YEARLY" and rnd.random() < 0.2:
        names.append("BYWEEKNO=" + join(some(range(1, 52), 4)))
        if rnd.random() < 0.6:
            names.append("BYDAY=" + join(rnd.sample(DAYS, rnd.randint(1, 3))))
    elif rnd.random() < 0.45:
        if freq in ("YEARLY", "MONTHLY") and rnd.random() < 0.6:
            high = 5 if freq == "MONTHLY" or names else rnd.choice([5, 53])
            names.append("BYDAY=" + join("%d%s" % (n, rnd.choice(DAYS)) for n in signed(high, 3)))
        else:
            names.append("BYDAY=" + join(rnd.sample(DAYS, rnd.randint(1, 5))))
    if freq != "WEEKLY" and rnd.random() < 0.3:
        names.append("BYMONTHDAY=" + join(signed(31, 6)))
    if freq in ("YEARLY", "HOURLY") and rnd.random() < 0.12:
        names.append("BYYEARDAY=" + join(signed(366, 8)))
    if rnd.random() < 0.2:
        names.append("BYHOUR=" + join(some(range(24), 3)))
    if rnd.random() < 0.15:
        names.append("BYMINUTE=" + join(some(range(60), 3)))
    if rnd.random() < 0.05:
        names.append("BYSECOND=" + join(some(range(60), 2)))
    if names and rnd.random() < 0.2:
        if freq == "WEEKLY":
            start -= timedelta(days=(start.weekday() - DAYS.index(wkst)) % 7)
        names.append("BYSETPOS=" + join(signed(4, 3)))
    parts += names
    end = rnd.random()
    if end < 0.2:
        parts.append("COUNT=%d" % rnd.randint(1, 200))
    elif end < 0.4:
        until = start + timedelta(days=rnd.randint(0, 4000), hours=rnd.randint(-12, 12))
        parts.append("UNTIL=" + until.strftime("%Y%m%dT%H%M%S"))
    window = start + timedelta(days=rnd.randint(-100, 1000 if rnd.random() < 0.5 else 8000))
    length = {"YEARLY": 4000, "MONTHLY": 1500, "WEEKLY": 500, "DAILY": 200, "HOURLY": 12}[freq]
    return start, ";".join(parts), window, window + timedelta(days=rnd.randint(1, length))


class TooLong(Exception):
    pass


def alarm(*_):
    raise TooLong


signal.signal(signal.SIGALRM, alarm)
written = empty = 0
while written < CASES:
    start, text, lo, hi = rule()
    found = []
    signal.setitimer(signal.ITIMER_REAL, 0.7)
    try:
        for t in rrulestr("RRULE:" + text, dtstart=start):
            if t >= hi:
                break
            if t >= lo and t != start:
                found.append(t.strftime("%Y%m%dT%H%M%S"))
            if len(found) > 400:
                break
    except TooLong:
        continue  # a rule without occurrences, which dateutil follows to the year 9999
    except ValueError:
        continue  # an hourly rule that steps over all of its hours, which dateutil refuses
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if len(found) > 400:
        continue
    if not found:
        empty += 1
        if empty > CASES / 10:
            continue
    written += 1
    crc = zlib.crc32("".join(f + "\n" for f in found).encode())
    print(start.strftime("%Y%m%dT%H%M%S"), text, lo.strftime("%Y%m%dT%H%M%S"), hi.strftime("%Y%m%dT%H%M%S"), len(found),
          "%08x" % crc, found[0] if found else "-", found[-1] if found else "-", sep="\t")
    if written % 500 == 0:
        print(written, file=sys.stderr)
