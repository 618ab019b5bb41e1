#!/usr/bin/env python3
"""Measures `deskferry convert` from Zendesk to Intercom against plain Python, jq and DuckDB, on two cores.

    bench.py --deskferry PATH [--megabytes 250] [--tenfold] [--json FILE] [--strict]

Every tool converts the same generated export (generate.py), which is made once and kept. Times are wall clock, from
start to exit, best of three for deskferry and DuckDB, of two for jq and Python; the input has been read before, so
the disk plays no part in reading. Peak memory is what the kernel reports for the finished process (wait4). The whole
bench is bound to two cores. Processor time stands beside the wall clock, as it says more on a machine that others use
too. byhand.cpp, where a C++ compiler and simdjson are found, is no rival: one thread that does the same conversion with
every field written out, to show what the compiled bindings cost. MB/s counts all input files, 1 MB = 1,000,000 bytes, for every tool alike, although jq and
DuckDB are spared the contacts and agents that deskferry and the Python script write as well.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MEGABYTE = 1_000_000
# The memory of a tenfold export may exceed that of the plain one by this factor and still be called flat.
FLAT = 1.25
DUCKDB = """
import sys, duckdb
source, destination, script = sys.argv[1:]
query = open(script, encoding="utf-8").read().replace("{in}", source).replace("{out}", destination)
duckdb.connect().execute(query)
"""


class Failure(Exception):
    """A tool or the generator did not do its work; the text says which and why."""


def bind_to_two_cores():
    cores = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, cores)
    return len(cores)


def generate(cache, megabytes, seed):
    """The folder of the generated export; made when it is not there whole."""
    folder = os.path.join(cache, f"zendesk-{megabytes}-{seed}")
    with open(os.path.join(HERE, "generate.py"), "rb") as file:
        recipe = file.read()
    # A changed generator makes another export; the copy of it beside the data says which one made this.
    stamp = os.path.join(folder, ".generator")
    if os.path.exists(stamp):
        with open(stamp, "rb") as file:
            if file.read() == recipe:
                return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(cache, exist_ok=True)
    needed = megabytes * MEGABYTE * 2
    free = shutil.disk_usage(cache).free
    if free < needed:
        raise Failure(f"{cache}: {free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB needed for a {megabytes} MB export")
    # In a process of its own: what this process once held would count as the peak memory of the tools it starts.
    command = [sys.executable, os.path.join(HERE, "generate.py"), folder]
    command += ["--megabytes", str(megabytes), "--seed", str(seed)]
    if subprocess.run(command, stdout=sys.stderr).returncode != 0:
        raise Failure("generate.py failed")
    with open(stamp, "wb") as file:
        file.write(recipe)
    return folder


def lines_and_bytes(path):
    lines = size = 0
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            lines += chunk.count(b"\n")
            size += len(chunk)
    return lines, size


def export_size(folder):
    """Number of tickets, and bytes of all files; reading them also brings them into the page cache."""
    tickets = total = 0
    for name in sorted(os.listdir(folder)):
        if name.startswith("."):
            continue
        lines, size = lines_and_bytes(os.path.join(folder, name))
        total += size
        if name == "tickets.jsonl":
            tickets = lines
    return tickets, total


def conversations_written(folder):
    """Conversations in the output, or None where no such file was found."""
    path = os.path.join(folder, "conversations.jsonl")
    return lines_and_bytes(path)[0] if os.path.exists(path) else None


def run_once(command, output, stdout_to=None):
    """Runs one conversion: seconds, peak bytes, seconds of both cores' work."""
    sink = open(os.path.join(output, stdout_to), "wb") if stdout_to else open(os.devnull, "wb")
    errors = os.path.join(os.path.dirname(output), "stderr.txt")
    with sink, open(errors, "wb") as error_sink:
        started = time.monotonic()
        child = subprocess.Popen(command, stdout=sink, stderr=error_sink, cwd=os.path.dirname(output))
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        with open(errors, encoding="utf-8", errors="replace") as file:
            said = file.read().strip().splitlines()
        raise Failure(f"exit code {child.returncode}" + (f": {said[-1]}" if said else ""))
    return seconds, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime


class Tool:
    """One competitor: its name in the table, its command, and how often it runs."""

    def __init__(self, key, name, command, runs, stdout_to=None, needs_folder=False):
        self.key, self.name, self.command, self.runs = key, name, command, runs
        self.stdout_to, self.needs_folder = stdout_to, needs_folder

    def measure(self, source, work, tickets, size):
        output = os.path.join(work, self.key)
        seconds, peaks, work_seconds = [], [], []
        for _ in range(self.runs):
            shutil.rmtree(output, ignore_errors=True)
            os.makedirs(output if self.needs_folder or self.stdout_to else work, exist_ok=True)
            times = run_once(self.command(source, output), output, self.stdout_to)
            seconds.append(times[0])
            peaks.append(times[1])
            work_seconds.append(times[2])
        written = conversations_written(output)
        shutil.rmtree(output, ignore_errors=True)
        return {
            "tool": self.name,
            "seconds": min(seconds),
            "all_seconds": seconds,
            "cpu_seconds": min(work_seconds),
            "megabytes_per_second": size / MEGABYTE / min(seconds),
            "peak_megabytes": max(peaks) / MEGABYTE,
            "conversations": written,
            "complete": written == tickets,
        }


def version(command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip() or None
    except OSError:
        return None


def deskferry_tool(path, runs=3, key="deskferry", name="deskferry", mappings=()):
    options = [word for mapping in mappings for word in ("--mapping", os.path.join(HERE, mapping))]

    def command(source, output):
        return [path, "convert", f"zendesk:{source}", f"intercom:{output}", "--quiet", *options]

    return Tool(key, name, command, runs)


def mapped_tools(path):
    """The same conversion with a client's mapping, and with one that also looks at every body."""
    usual, texts = "mapping.json5", "mapping-texts.json5"
    return [
        deskferry_tool(path, 3, "mapped", "deskferry, mapped", [usual]),
        deskferry_tool(path, 1, "mapped-texts", "deskferry, texts mapped too", [usual, texts]),
    ]


def rivals():
    """The tools found on this machine, and sentences about those that were not."""
    script = {name: os.path.join(HERE, name) for name in os.listdir(HERE)}
    found, absent = [], []

    def python(source, output):
        return [sys.executable, script["convert.py"], source, output]

    found.append(Tool("python", f"python {sys.version.split()[0]}", python, 2))
    jq = version(["jq", "--version"])
    if jq:

        def run_jq(source, output):
            users, tickets = os.path.join(source, "users.jsonl"), os.path.join(source, "tickets.jsonl")
            return ["jq", "-nc", "--slurpfile", "users", users, "-f", script["convert.jq"], tickets]

        found.append(Tool("jq", jq.replace("-", " "), run_jq, 2, stdout_to="conversations.jsonl"))
    else:
        absent.append("jq was not found; apt-get install jq")
    duckdb = version([sys.executable, "-c", "import duckdb; print(duckdb.__version__)"])
    if duckdb:
        for key, name, query in [("duckdb", "", "convert.sql"), ("duckdb-tuned", ", tuned query", "convert_tuned.sql")]:

            def run_duckdb(source, output, query=query):
                return [sys.executable, "-c", DUCKDB, source, output, script[query]]

            found.append(Tool(key, f"duckdb {duckdb}{name}", run_duckdb, 3, needs_folder=True))
    else:
        absent.append(f"DuckDB was not found; {sys.executable} -m pip install duckdb")
    return found, absent


def by_hand(cache):
    """The conversion written by hand, compiled; None where it cannot be."""
    program = os.path.join(cache, "byhand")
    command = ["c++", "-O2", "-std=c++17", os.path.join(HERE, "byhand.cpp"), "-lsimdjson", "-o", program]
    try:
        if subprocess.run(command, capture_output=True).returncode != 0:
            return None
    except OSError:
        return None
    return Tool("byhand", "by hand, one thread", lambda source, output: [program, source, output], 3, needs_folder=True)


def print_row(name, result, own):
    if "failure" in result:
        print(f"  {name:<28} failed: {result['failure']}")
        return
    ratio = f"{result['seconds'] / own['seconds']:>8.1f} x" if own and "seconds" in own else f"{'':>10}"
    note = ""
    if not result["complete"]:
        wrote = "no conversations.jsonl" if result["conversations"] is None else f"{result['conversations']:,}"
        note = f"   incomplete: wrote {wrote}"
    print(
        f"  {name:<28} {result['seconds']:>8.2f} s {result['megabytes_per_second']:>7.0f} MB/s"
        f" {result['cpu_seconds']:>11.2f} s {result['peak_megabytes']:>7.0f} MB {ratio}{note}"
    )


def judge(results, tenfold):
    """Each bar with what was measured: (what, measured, wanted, met or None when it could not be measured)."""
    own = results.get("deskferry", {})
    rows = []
    # DuckDB is held to the faster of its two queries.
    duckdb = [result for key, result in results.items() if key.startswith("duckdb") and "seconds" in result]
    rivals = {**results, "duckdb": min(duckdb, key=lambda result: result["seconds"], default={})}
    for key, name, bar in [("python", "Python", 10), ("jq", "jq", 15), ("duckdb", "DuckDB", 5)]:
        rival = rivals.get(key, {})
        if "seconds" in own and "seconds" in rival:
            ratio = rival["seconds"] / own["seconds"]
            rows.append((f"speed against {name}", f"{ratio:.1f} x", f">= {bar} x", ratio >= bar))
        else:
            rows.append((f"speed against {name}", "-", f">= {bar} x", None))
    for what, result in [("peak memory", own)] + ([("peak memory, tenfold export", tenfold)] if tenfold else []):
        peak = result.get("peak_megabytes")
        measured = "-" if peak is None else f"{peak:.0f} MB"
        rows.append((what, measured, "<= 150 MB", None if peak is None else peak <= 150))
    if tenfold and "peak_megabytes" in tenfold and "peak_megabytes" in own:
        growth = tenfold["peak_megabytes"] / own["peak_megabytes"]
        rows.append(("growth of the peak, tenfold", f"{growth:.2f} x", f"<= {FLAT} x", growth <= FLAT))
    hand = results.get("byhand", {})
    if "cpu_seconds" in own and "cpu_seconds" in hand:
        factor = own["cpu_seconds"] / hand["cpu_seconds"]
        rows.append(("processor time, by hand = 1", f"{factor:.2f}", "<= 2", factor <= 2))
    mapped = results.get("mapped", {})
    if "cpu_seconds" in own and "cpu_seconds" in mapped:
        share = max(0, 1 - own["cpu_seconds"] / mapped["cpu_seconds"])
        rows.append(("share of the mapping", f"{share:.0%}", "< 20 %", share < 0.2))
    if "seconds" in own:
        rows.append(("every ticket converted", "yes" if own["complete"] else "no", "yes", own["complete"]))
    return rows


def measure(tool, source, work, tickets, size):
    try:
        return tool.measure(source, work, tickets, size)
    except Failure as failure:
        return {"tool": tool.name, "failure": str(failure)}


def bench(options):
    cores = bind_to_two_cores()
    cache = os.path.abspath(options.cache)
    work = os.path.join(cache, "work")
    source = generate(cache, options.megabytes, options.seed)
    tickets, size = export_size(source)
    print(
        f"{tickets:,} tickets, {size / MEGABYTE:.0f} MB, {size / tickets / 1000:.1f} kB a ticket; "
        f"{cores} core{'s' if cores > 1 else ''}; load average {os.getloadavg()[0]:.1f} before the start"
    )
    tools, absent = rivals()
    print(f"\n  {'':<28} {'time':>10} {'speed':>12} {'processor':>13} {'peak':>10} {'time/ours':>10}")
    results = {}
    hand = by_hand(cache)
    own = [deskferry_tool(options.deskferry), *mapped_tools(options.deskferry)]
    for tool in own + tools + ([hand] if hand else []):
        results[tool.key] = measure(tool, source, work, tickets, size)
        print_row(tool.name, results[tool.key], results["deskferry"])
        sys.stdout.flush()
    for sentence in absent:
        print(f"  {sentence}")
    tenfold = None
    if options.tenfold:
        big = generate(cache, options.megabytes * 10, options.seed)
        big_tickets, big_size = export_size(big)
        tenfold = measure(deskferry_tool(options.deskferry, runs=1), big, work, big_tickets, big_size)
        print_row(f"deskferry, {big_size / MEGABYTE:,.0f} MB", tenfold, None)
    bars = judge(results, tenfold)
    print()
    for what, measured, wanted, met in bars:
        verdict = "not measured" if met is None else "met" if met else "MISSED"
        print(f"  {what:<28} {measured:>10}   bar {wanted:<10} {verdict}")
    shutil.rmtree(work, ignore_errors=True)
    if options.json:
        record = {
            "input": {"tickets": tickets, "bytes": size, "seed": options.seed, "cores": cores},
            "results": results,
            "tenfold": tenfold,
            "absent": absent,
            "bars": [dict(zip(("bar", "measured", "wanted", "met"), row)) for row in bars],
        }
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(record, file, indent=2)
            file.write("\n")
    failed = [result for result in list(results.values()) + [tenfold] if result and "failure" in result]
    missed = [row for row in bars if row[3] is False]
    return 1 if failed or (options.strict and missed) else 0


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="Exit code 1 when a tool failed, or with --strict a bar was missed."
    )
    parser.add_argument("--deskferry", metavar="PATH", default=os.path.join(ROOT, ".build/release/deskferry"))
    parser.add_argument("--megabytes", type=int, default=250, help="size of tickets.jsonl (default: 250)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tenfold", action="store_true", help="also measure deskferry on ten times as much")
    parser.add_argument("--cache", default=os.path.join(ROOT, ".build-bench"), help="folder of generated exports")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    parser.add_argument("--strict", action="store_true", help="exit code 1 when a bar is missed")
    options = parser.parse_args()
    options.deskferry = os.path.abspath(options.deskferry)
    if not os.access(options.deskferry, os.X_OK):
        parser.error(f"no program at '{options.deskferry}'; build it with 'swift build -c release' or name it")
    try:
        sys.exit(bench(options))
    except Failure as failure:
        sys.exit(f"bench: {failure}")


if __name__ == "__main__":
    main()
