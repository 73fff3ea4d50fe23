"""Measures several in turn, so that what else the machine does strikes all alike: A B A B, not A A B B."""

import dataclasses
import os
from typing import Callable

import measure


def nothing():
    """What has to be done before a run that needs nothing done."""


@dataclasses.dataclass
class Entrant:
    """One who is measured: the command, and what has to be so before each of its runs, which is not measured."""

    name: str
    command: list
    env: dict = dataclasses.field(default_factory=dict)
    prepare: Callable = nothing
    latency_ms: int = 0
    # Whether Google is faulty while it runs.
    faults: bool = False
    # Exit codes that are as they should be.
    codes: tuple = (0,)
    # After so many seconds it is ended, and that is its result.
    limit: float | None = None


def contest(bench, google, entrants, runs=None):
    """Runs each `runs` times after one to warm up, and prints a line for each. Returns the samples by name."""
    runs = bench.runs if runs is None else runs
    samples = {entrant.name: [] for entrant in entrants}
    for number in range(runs + bench.warm_ups):
        for entrant in entrants:
            sample = one(bench, google, entrant)
            if number >= bench.warm_ups:
                samples[entrant.name].append(sample)
    for entrant in entrants:
        bench.table.line(entrant, samples[entrant.name])
    return samples


def one(bench, google, entrant):
    """One run, counted by Google as well."""
    entrant.prepare()
    # What the one before has written but not yet brought to the disk is not to be this one's burden.
    os.sync()
    google.set_latency(entrant.latency_ms)
    google.set_faults(entrant.faults)
    google.begin()
    log = bench.work / "output"
    sample = measure.run(entrant.command, os.environ | entrant.env, log, entrant.limit)
    google.set_latency(0)
    google.set_faults(False)
    sample.requests, sample.received = google.counted()
    ended = entrant.limit is not None and sample.wall >= entrant.limit
    if sample.code not in entrant.codes and not ended:
        command = " ".join(map(str, entrant.command))
        raise measure.Failed(f"{entrant.name}: {command}\nended with {sample.code}:\n{measure.tail(log)}")
    return sample
