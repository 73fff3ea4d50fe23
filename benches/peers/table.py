"""What people read: a line for each who was measured, and whether each goal is reached."""

from measure import median


class Table:
    """Prints as it goes. `failed` says whether any goal was missed."""

    def __init__(self, judge_time):
        self.judge_time = judge_time
        self.failed = False

    def heading(self, words):
        print(f"\n== {words}")
        print(f"{'':37} {'wall':>10} {'least':>9} {'CPU':>9} {'peak':>9} {'received':>10}   requests")

    def line(self, entrant, samples):
        """The medians of all samples of one entrant."""
        if not samples:
            return
        wall, cpu, peak = (median(samples, what) for what in ("wall", "cpu", "peak_mib"))
        least = min(sample.wall for sample in samples)
        received = median(samples, "received")
        last = samples[-1]
        cut = " (ended)" if entrant.limit is not None and wall >= entrant.limit else ""
        total = sum(last.requests.values())
        kinds = " ".join(f"{kind}:{count}" for kind, count in sorted(last.requests.items()))
        print(
            f"{entrant.name:37} {wall:8.3f} s {least:7.3f} s {cpu:7.3f} s {peak:5.0f} MiB {size(received):>10}"
            f"   {total} {kinds}{cut}",
            flush=True,
        )

    def note(self, words):
        print(f"    {words}", flush=True)

    def promise(self, words, number, most, unit="", exact=False):
        """Says whether `number` is within the goal. A smoke test judges only what is `exact`: the same each time."""
        number, most = round(number, 3), round(most, 3)
        if number <= most:
            print(f"ok  {words}: {number:g}{unit}, at most {most:g}{unit}", flush=True)
        elif self.judge_time or exact:
            print(f"!!  {words}: {number:g}{unit}, more than {most:g}{unit}", flush=True)
            self.failed = True
        else:
            print(f"--  {words}: {number:g}{unit}, not judged", flush=True)

    def ratio(self, words, samples, others, most, what="wall"):
        """Judges the ratio of two medians."""
        other = median(others, what)
        self.promise(f"{words} ({what})", median(samples, what) / other if other else 0, most, " x")


def size(count):
    """Bytes as people read them."""
    for unit in ("B", "KiB", "MiB"):
        if count < 10240:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.0f} GiB"
